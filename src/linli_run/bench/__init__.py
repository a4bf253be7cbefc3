"""Measurements, each beside its peer in one run (测量)."""
