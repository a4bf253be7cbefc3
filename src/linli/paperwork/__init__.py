"""Forms that fill themselves (一表通). Not built yet."""
