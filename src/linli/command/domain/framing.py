"""How far the map stands back (取景)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TILE_PX: Final = 512
WIDTH_PX: Final = 620
NEAREST: Final = 15.2
FARTHEST: Final = 10.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Centre in degrees WGS 84 and zoom of a map."""

    lon: float
    lat: float
    zoom: float


def around(places: Sequence[tuple[float, float]]) -> Frame | None:
    """Return where a map must stand so that a free area of about 620 px square shows all `places` (框选).

    Args:
        places: lon, lat in degrees; none of them gives None.
    """
    if not places:
        return None
    lons, lats = [lon for lon, _ in places], [lat for _, lat in places]
    squeeze = math.cos(math.radians((min(lats) + max(lats)) / 2))
    across = max(max(lons) - min(lons), (max(lats) - min(lats)) / max(squeeze, 1e-6), 1e-6)
    zoom = math.log2(WIDTH_PX * 360 / (TILE_PX * across))
    return Frame((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2,
                 round(min(NEAREST, max(FARTHEST, zoom)), 2))
