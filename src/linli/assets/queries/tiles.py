from typing import Any, Final

import numpy as np
import shapely
from django.db import connection

from linli.areas.domain.mvt import EXTENT, Feature, Layer, Value, encode
from linli.areas.domain.tile import Tile
from linli.assets.models import ComponentQuerySet
from linli.kernel.geo import morton_range

MOST_FEATURES: Final = 5000
SHOWN_FROM: Final = 14
CODES_FROM: Final = 17

_CLASSES: Final = "SELECT array_agg(id) FROM assets_componentclass WHERE NOT gated AND shown_from <= %(zoom)s"
_POINTS: Final = """
    SELECT id, class_code, code, name, state, lon, lat FROM assets_public_component
    WHERE klass_id = ANY(%(classes)s) AND morton BETWEEN %(first)s AND %(last)s AND geometry IS NULL
    ORDER BY hashint8(id) LIMIT %(most)s
"""
_SHAPES: Final = """
    SELECT id, class_code, code, name, state, geometry FROM assets_public_component
    WHERE box(point(min_lon, min_lat), point(max_lon, max_lat))
          && box(point(%(min_lon)s, %(min_lat)s), point(%(max_lon)s, %(max_lat)s))
      AND shown_from <= %(zoom)s AND geometry IS NOT NULL
    ORDER BY hashint8(id) LIMIT %(most)s
"""


def components_tile(tile: Tile, visible: ComponentQuerySet) -> bytes:
    """Return the components' tile (部件瓦片): from zoom 14, each class from the zoom it can be told apart at.

    Layers `component` (points) and `shape` (lines and polygons); properties `class`, `state`
    unless intact, `gated` if so, from zoom 17 `code` and `label`. At most 5,000 of each, evenly
    thinned.

    Args: visible: what the reader's posts open; of gated classes nothing else is drawn.
    """
    if tile.z < SHOWN_FROM:
        return b""
    return encode([Layer("component", [*_points(tile), *_gated(tile, visible)]), Layer("shape", _shapes(tile))])


def _points(tile: Tile) -> list[Feature]:
    first, last = morton_range(tile.z, tile.x, tile.y)
    classes = _rows(_CLASSES, zoom=tile.z)[0][0] or []
    rows = _rows(_POINTS, first=first, last=last, classes=classes)
    said = _Said(tile)
    return [Feature(at, said.of(row), row[0]) for at, row in zip(_places(tile, rows), rows, strict=True)]


def _gated(tile: Tile, visible: ComponentQuerySet) -> list[Feature]:
    rows = list(
        visible.standing().in_cells([morton_range(tile.z, tile.x, tile.y)])
        .filter(klass__gated=True, klass__shown_from__lte=tile.z, geometry=None).order_by("id")
        .values_list("id", "klass__code", "code", "name", "state", "lon", "lat")[:MOST_FEATURES]
    )
    said = _Said(tile)
    return [Feature(at, {**said.of(row), "gated": True}, row[0])
            for at, row in zip(_places(tile, rows), rows, strict=True)]


def _shapes(tile: Tile) -> list[Feature]:
    bounds = tile.bounds
    rows = _rows(_SHAPES, min_lon=bounds.min_lon, min_lat=bounds.min_lat, max_lon=bounds.max_lon,
                 max_lat=bounds.max_lat, zoom=tile.z)
    shapes = tile.laid(shapely.from_wkb(np.array([bytes(row[-1]) for row in rows], dtype=object)))
    said = _Said(tile)
    return [Feature(shape, said.of(row), row[0]) for shape, row in zip(shapes, rows, strict=True)
            if not shape.is_empty]


class _Said:
    """What is said of a component on a tile (瓦片属性); all of one class and state share it from afar."""

    def __init__(self, tile: Tile) -> None:
        self._with_codes = tile.z >= CODES_FROM
        self._shared: dict[tuple[str, str], dict[str, Value]] = {}

    def of(self, row: tuple[Any, ...]) -> dict[str, Value]:
        _, klass, code, name, state, *_ = row
        shared = self._shared.get((klass, state))
        if shared is None:
            shared = self._shared[klass, state] = {"class": klass} if state == "intact" else {"class": klass,
                                                                                              "state": state}
        return {**shared, "code": code, "label": name} if self._with_codes else shared


def _places(tile: Tile, rows: list[tuple[Any, ...]]) -> list[tuple[int, int]]:
    """Return where rows that end in lon, lat stand on the tile."""
    if not rows:
        return []
    units = tile.units(np.array([row[-2:] for row in rows], dtype=np.float64)).astype(int).clip(0, EXTENT - 1)
    return [(x, y) for x, y in units.tolist()]


def _rows(sql: str, **given: float | list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"most": MOST_FEATURES, **given})
        return list(cursor.fetchall())
