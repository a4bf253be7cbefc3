"""A seeded synthetic community with ground truth, as plain values. Never loads Django."""
