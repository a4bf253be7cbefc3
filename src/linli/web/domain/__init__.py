"""Rules of what a page shows: levels, stages, clocks, ages, navigation; pure."""
