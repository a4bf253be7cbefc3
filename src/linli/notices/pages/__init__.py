"""Pages of notices: inbox, settings, what did not arrive, leaving a list (通知页面)."""
