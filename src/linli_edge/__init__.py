"""Gateway agent (边缘网关): numbers what devices say, keeps it, and sends it again until told that it is stored."""
