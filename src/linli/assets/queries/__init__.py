from linli.assets.queries.components import by_code, by_codes, card, class_names, nearest, of_unit, public, public_near
from linli.assets.queries.duties import units_on
from linli.assets.queries.tiles import components_tile

__all__ = ["by_code", "by_codes", "card", "class_names", "components_tile", "nearest", "of_unit", "public",
           "public_near", "units_on"]
