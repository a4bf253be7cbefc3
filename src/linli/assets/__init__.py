"""City components and who answers for each (城市部件): supervising, owning and maintaining unit."""
