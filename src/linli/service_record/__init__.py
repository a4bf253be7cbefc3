"""Evaluation of areas, units, posts; the record of organisations, never of persons (绩效与信用评价). Not built yet."""
