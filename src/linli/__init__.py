"""Linli 邻里: one Django project, a ladder of rooms; each room imports only downward."""
