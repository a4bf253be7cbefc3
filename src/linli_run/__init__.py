"""The `linli` command: it starts, watches and stops every part of a Linli home (运行与守护)."""
