"""Who did what, when, as whom (审计): append-only, beside the deed, in its transaction."""
