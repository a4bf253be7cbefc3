"""One square of the map (瓦片): its address, its bounds, and how the ground is laid onto it."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.areas.domain.mvt import EXTENT
from linli.kernel.errors import NotFound
from linli.kernel.geo import EARTH_RADIUS_M, MORTON_BITS, Point, morton_range

EQUATOR_M: Final = 2 * math.pi * EARTH_RADIUS_M
MAX_ZOOM: Final = 22
MARGIN: Final = 64  # tile units drawn beyond the edge, so that lines meet their neighbour's


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in degrees (范围)."""

    min_lon: float
    min_lat: float
    max_lon: float
    max_lat: float


@dataclass(frozen=True, slots=True)
class Tile:
    """The tile z/x/y of the web-mercator pyramid.

    Raises: NotFound if there is no such tile.
    """

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= MAX_ZOOM and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z):
            raise NotFound("areas.no_such_tile", "There is no map tile {z}/{x}/{y}.", z=self.z, x=self.x, y=self.y)

    @property
    def bounds(self) -> Bounds:
        """Return what the tile covers, its margin included."""
        over = MARGIN / EXTENT
        return Bounds(self._lon(self.x - over), self._lat(self.y + 1 + over),
                      self._lon(self.x + 1 + over), self._lat(self.y - over))

    def units(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places as tile units.

        Args: degrees: shape (n, 2), lon and lat.
        Returns: shape (n, 2), x to the right and y down, 0 to 4096 inside the tile.
        """
        sine = np.clip(np.sin(np.radians(degrees[:, 1])), -0.9999, 0.9999)
        world = np.column_stack([
            degrees[:, 0] / 360 + 0.5,
            0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi),
        ])
        return (world * (1 << self.z) - (self.x, self.y)) * EXTENT

    def laid(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return shapes in tile units, cut at the tile's margin and freed of corners too fine to see (裁剪).

        Args: shapes: shape (n,), shapely, degrees.
        Returns: shape (n,); an empty shape where nothing reaches the tile.
        """
        flat = shapely.simplify(shapely.transform(shapes, self.units), 0.75)
        cut: NDArray[np.object_] = shapely.clip_by_rect(flat, -MARGIN, -MARGIN, EXTENT + MARGIN, EXTENT + MARGIN)
        return cut

    def _lon(self, x: float) -> float:
        return max(-180.0, min(180.0, x / (1 << self.z) * 360 - 180))

    def _lat(self, y: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / (1 << self.z)))))


def cells_round(point: Point, radius_m: float) -> list[tuple[int, int]]:
    """Return at most four ranges of Morton codes that hold everything within `radius_m` of a place (邻近编码段).

    The tiles are the smallest that are at least as wide as the circle, so that four always do.
    """
    shrink = max(math.cos(math.radians(point.lat)), 1e-6)
    zoom = max(0, min(MORTON_BITS, math.floor(math.log2(EQUATOR_M * shrink / (2 * max(radius_m, 1.0))))))
    reach = radius_m / (EQUATOR_M * shrink)
    middle = Tile(0, 0, 0).units(np.array([[point.lon, point.lat]]))[0] / EXTENT
    last = (1 << zoom) - 1
    columns, rows = (
        {min(last, max(0, int((at + side) * (1 << zoom)))) for side in (-reach, reach)} for at in middle.tolist()
    )
    return sorted(morton_range(zoom, x, y) for x in columns for y in rows)
