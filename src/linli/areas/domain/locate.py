"""Which area holds a place (落格)."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray


class AreaIndex:
    """Areas made ready for looking up many places at once (空间索引).

    Args:
        codes: shape (n,), each once.
        shapes: shape (n,), WKB polygons, degrees WGS 84.
    """

    def __init__(self, codes: Sequence[str], shapes: Sequence[bytes]) -> None:
        order = np.argsort(np.array(codes, dtype=np.str_), kind="stable")
        self.codes = np.array(codes, dtype=np.str_)[order]
        self._shapes = shapely.from_wkb(np.array(shapes, dtype=object)[order])
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def locate(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return for each place the number of its area in `codes`, the lowest code on a shared edge.

        A place on the edge belongs to the area (intersects, not within): what stands exactly on
        a border must not belong nowhere.

        Args: lons, lats: shape (n,), degrees.
        Returns: shape (n,); -1 = in no area, or not a number.
        """
        found = np.full(len(lons), len(self.codes), dtype=np.intp)
        place_at, area_at = self._tree.query(shapely.points(lons, lats))  # those whose box holds the place
        by_area = np.argsort(area_at, kind="stable")  # one prepared outline after the other: twice as fast
        place_at, area_at = place_at[by_area], area_at[by_area]
        inside = shapely.intersects_xy(self._shapes[area_at], lons[place_at], lats[place_at])
        np.minimum.at(found, place_at[inside], area_at[inside])
        found[found == len(self.codes)] = -1
        return found

    def holding(self, lon: float, lat: float) -> list[str]:
        """Return the codes of all areas that hold one place, ascending."""
        return sorted(self.codes[self._tree.query(shapely.Point(lon, lat), predicate="intersects")].tolist())
