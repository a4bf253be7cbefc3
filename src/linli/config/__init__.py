"""Settings, addresses, wiring: the composition root."""
