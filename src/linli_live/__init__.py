"""Server-sent events, filtered by a signed token's scope. Never loads Django."""
