"""Places on the ground (地理): WGS 84, always lon, lat."""

import math
from dataclasses import dataclass
from typing import Final

from linli.kernel.errors import Invalid

EARTH_RADIUS_M: Final = 6_371_008.8
CELL_M: Final = 60.0
MORTON_BITS: Final = 24
_METRES_PER_DEGREE: Final = EARTH_RADIUS_M * math.pi / 180


@dataclass(frozen=True, slots=True)
class Point:
    """A place, degrees WGS 84.

    Raises: Invalid if a value is not finite or outside [-180, 180] and [-90, 90].
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        for field, value, limit in (("lon", self.lon, 180.0), ("lat", self.lat, 90.0)):
            if not math.isfinite(value) or abs(value) > limit:
                raise Invalid("geo.out_of_range", "{field} must be a number between -{limit} and {limit}.",
                              field=field, limit=int(limit))


def metres_between(a: Point, b: Point) -> float:
    """Return the great-circle distance in metres (haversine, mean earth radius)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    chord = (math.sin((lat_b - lat_a) / 2) ** 2
             + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2)
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def cells_within(point: Point, radius_m: float) -> list[int]:
    """Return the numbers of all 60 m cells that the square of half-side `radius_m` round `point` touches, ascending.

    Two points nearer than `radius_m` share at least one cell, so that advisory locks on the
    cells, taken in this order, serialise all reports that could be one matter.
    Columns are cut at the row's own latitude, so a cell is about 60 m wide everywhere.
    """
    reach = radius_m / _METRES_PER_DEGREE
    cell = CELL_M / _METRES_PER_DEGREE
    cells = []
    for row in range(math.floor((point.lat - reach) / cell), math.floor((point.lat + reach) / cell) + 1):
        squeeze = max(math.cos(math.radians(row * cell)), 1e-6)
        first = math.floor((point.lon - reach / squeeze) * squeeze / cell)
        last = math.floor((point.lon + reach / squeeze) * squeeze / cell)
        cells += [(row + (1 << 23)) << 32 | (column + (1 << 31)) for column in range(first, last + 1)]
    return sorted(cells)


def morton24(lon: float, lat: float) -> int:
    """Return the Morton code (Z-order) of the web-mercator cell at zoom 24 in which a place lies.

    A tile z/x/y holds exactly the codes of one contiguous range, so that a B-tree finds its rows.
    """
    size = 1 << MORTON_BITS
    sine = max(-0.9999, min(0.9999, math.sin(math.radians(lat))))
    x = min(size - 1, max(0, int((lon / 360 + 0.5) * size)))
    y = min(size - 1, max(0, int((0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * size)))
    return _spread(x) | _spread(y) << 1


def morton_range(z: int, x: int, y: int) -> tuple[int, int]:
    """Return the first and last zoom-24 Morton code of tile z/x/y."""
    shift = 2 * (MORTON_BITS - z)
    first = (_spread(x) | _spread(y) << 1) << shift
    return first, first + (1 << shift) - 1


def _spread(value: int) -> int:
    value &= 0xFFFFFFFF
    for shift, mask in ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
                        (2, 0x3333333333333333), (1, 0x5555555555555555)):
        value = (value | value << shift) & mask
    return value
