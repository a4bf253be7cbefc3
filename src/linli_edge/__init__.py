"""Gateway agent: keeps, sends, resends until told stored."""
