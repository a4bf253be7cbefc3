"""Legal entities and units (法人与单位)."""
