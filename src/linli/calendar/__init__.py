"""Working days and clocks (工作日历). Not built yet: limits in working time are stated, never computed."""
