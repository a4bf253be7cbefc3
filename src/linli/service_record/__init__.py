"""Evaluation of areas, units and posts, and the record of organisations, never of persons (绩效与信用评价). Not built yet."""
