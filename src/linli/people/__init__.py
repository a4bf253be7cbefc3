"""Residents, fenced and purpose-bound (实有人口). Not built yet."""
