"""Things, datastreams and their rules (物联感知); the readings are written by linli_ingest."""
