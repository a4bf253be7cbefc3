"""Working days and clocks (工作日历): which hours count, and when a limit ends; a year not loaded is unknown."""
