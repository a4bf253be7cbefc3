"""The one grid network (一张网): district, street, community, grid, with geometry and tiles."""
