from linli.areas.queries.places import edition, extent, locate, locate_many, names, place_of, shape_of, within
from linli.areas.queries.tiles import base_tile, grids_tile

__all__ = ["base_tile", "edition", "extent", "grids_tile", "locate", "locate_many", "names", "place_of", "shape_of",
           "within"]
