"""Disputes settled behind their own wall (纠纷调解). Not built yet."""
