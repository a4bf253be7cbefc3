"""Rules of sensing (物联感知规则): pure, shared with `linli_ingest`."""
