"""Shared places and their times (资源预约). Not built yet."""
