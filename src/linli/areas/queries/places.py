from collections.abc import Collection, Sequence
from functools import lru_cache
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from linli.areas.domain.locate import AreaIndex
from linli.areas.domain.place import Place
from linli.areas.domain.shapes import AreaKind
from linli.areas.domain.tile import Bounds
from linli.areas.models import Area, Registry
from linli.kernel.geo import Point

NO_EDITION = UUID(int=0)


def edition(layer: str) -> UUID:
    """Return the present edition of `areas` or `base`: another one after every write to that layer (图层版本)."""
    return Registry.objects.filter(layer=layer).values_list("edition", flat=True).first() or NO_EDITION


def locate(points: Sequence[Point]) -> list[str | None]:
    """Return the code of the unit grid of each place (落格), None outside every grid."""
    codes = locate_many(np.array([p.lon for p in points]), np.array([p.lat for p in points]))
    return [code or None for code in codes.tolist()]


def locate_many(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.str_]:
    """Return the code of the unit grid of each place, for many at once (批量落格).

    Args: lons, lats: shape (n,), degrees.
    Returns: shape (n,); the lowest code on a shared edge, "" outside every grid.
    """
    index = _index(edition("areas"), True)
    found = index.locate(lons, lats)
    return np.append(index.codes, "")[found]


def place_of(point: Point) -> Place:
    """Return the grid, the smallest area and the name of where something is (所在区域)."""
    now = edition("areas")
    grids = _index(now, True).holding(point.lon, point.lat)
    if grids:
        return Place(grids[0], grids[0], _names(now)[grids[0]])
    wider = sorted(_index(now, False).holding(point.lon, point.lat), key=lambda code: (-len(code), code))
    return Place(None, wider[0], _names(now)[wider[0]]) if wider else Place(None, "", "")


def names(codes: Collection[str]) -> dict[str, str]:
    """Return the names of areas by code; an unknown code is left out."""
    known = _names(edition("areas"))
    return {code: known[code] for code in codes if code in known}


def extent(area: str = "", kind: AreaKind = AreaKind.STREET) -> Bounds | None:
    """Return the rectangle round all areas of `kind` within `area` (范围), None if there are none."""
    boxes = np.array(Area.objects.in_force().filter(kind=kind.value, code__startswith=area)
                     .values_list("min_lon", "min_lat", "max_lon", "max_lat"))
    if not len(boxes):
        return None
    return Bounds(*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())


def within(area: str, kind: AreaKind) -> list[tuple[str, str]]:
    """Return code and name of the areas of `kind` within `area`, by code."""
    return list(Area.objects.in_force().filter(kind=kind.value, code__startswith=area)
                .order_by("code").values_list("code", "name"))


def shape_of(code: str) -> tuple[str, bytes] | None:
    """Return name and WKB outline of an area in force, None if there is none."""
    row = Area.objects.in_force().filter(code=code).values_list("name", "geometry").first()
    return (row[0], bytes(row[1])) if row else None


@lru_cache(maxsize=4)
def _index(now: UUID, grids: bool) -> AreaIndex:
    areas = Area.objects.in_force()
    areas = areas.filter(kind=AreaKind.GRID.value) if grids else areas.exclude(kind=AreaKind.GRID.value)
    rows = list(areas.values_list("code", "geometry"))
    return AreaIndex([code for code, _ in rows], [bytes(shape) for _, shape in rows])


@lru_cache(maxsize=2)
def _names(now: UUID) -> dict[str, str]:
    return dict(Area.objects.values_list("code", "name"))
