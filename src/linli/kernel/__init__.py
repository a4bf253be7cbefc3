"""What every room speaks of and no room owns (内核): clock, actor, place, level, codes, errors, events. No Django."""
