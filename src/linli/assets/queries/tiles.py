from typing import Any, Final

import numpy as np
import shapely
from django.db import connection

from linli.areas.domain.mvt import EXTENT, Feature, Layer, Value, encode
from linli.areas.domain.tile import Tile
from linli.assets.models import ComponentQuerySet
from linli.kernel.geo import MORTON_BITS, morton_range

MOST_FEATURES: Final = 5000
CLUSTERS_FROM: Final = 11
SINGLE_FROM: Final = 14
CODES_FROM: Final = 16
_CLUSTER_BITS: Final = 4  # 16 × 16 clusters to a tile

_CLUSTERS: Final = """
    SELECT morton >> %(shift)s, count(*), avg(lon), avg(lat) FROM assets_public_component
    WHERE morton BETWEEN %(first)s AND %(last)s GROUP BY 1 ORDER BY 1
"""
_POINTS: Final = """
    SELECT id, class_code, code, name, state, lon, lat FROM assets_public_component
    WHERE morton BETWEEN %(first)s AND %(last)s AND shown_from <= %(zoom)s AND geometry IS NULL
    ORDER BY shown_from, hashint8(id) LIMIT %(most)s
"""
_SHAPES: Final = """
    SELECT id, class_code, code, name, state, geometry FROM assets_public_component
    WHERE box(point(min_lon, min_lat), point(max_lon, max_lat))
          && box(point(%(min_lon)s, %(min_lat)s), point(%(max_lon)s, %(max_lat)s))
      AND shown_from <= %(zoom)s AND geometry IS NOT NULL
    ORDER BY shown_from, hashint8(id) LIMIT %(most)s
"""


def components_tile(tile: Tile, visible: ComponentQuerySet) -> bytes:
    """Return the components' tile (部件瓦片): counts from zoom 11, single ones from 14, codes and names from 16.

    Layers `cluster` (property `count`), `component` (points) and `shape` (lines and polygons;
    properties `class`, `state` unless intact, `gated` if so, from 16 `code` and `name`). At most
    5,000 of each: the classes shown first, evenly thinned.

    Args: visible: what the reader's posts open; of gated classes nothing else is drawn.
    """
    if tile.z < CLUSTERS_FROM:
        return b""
    if tile.z < SINGLE_FROM:
        return encode([Layer("cluster", _clusters(tile))])
    return encode([Layer("component", [*_points(tile), *_gated(tile, visible)]), Layer("shape", _shapes(tile))])


def _clusters(tile: Tile) -> list[Feature]:
    first, last = morton_range(tile.z, tile.x, tile.y)
    rows = _rows(_CLUSTERS, first=first, last=last, shift=2 * (MORTON_BITS - tile.z - _CLUSTER_BITS))
    return [Feature(at, {"count": row[1]}) for at, row in zip(_places(tile, rows), rows, strict=True)]


def _points(tile: Tile) -> list[Feature]:
    first, last = morton_range(tile.z, tile.x, tile.y)
    rows = _rows(_POINTS, first=first, last=last, zoom=tile.z)
    return [Feature(at, _said(tile, row), row[0]) for at, row in zip(_places(tile, rows), rows, strict=True)]


def _gated(tile: Tile, visible: ComponentQuerySet) -> list[Feature]:
    rows = list(
        visible.standing().in_cells([morton_range(tile.z, tile.x, tile.y)])
        .filter(klass__gated=True, klass__shown_from__lte=tile.z, geometry=None).order_by("klass__shown_from", "id")
        .values_list("id", "klass__code", "code", "name", "state", "lon", "lat")[:MOST_FEATURES]
    )
    return [Feature(at, {**_said(tile, row), "gated": True}, row[0])
            for at, row in zip(_places(tile, rows), rows, strict=True)]


def _shapes(tile: Tile) -> list[Feature]:
    bounds = tile.bounds
    rows = _rows(_SHAPES, min_lon=bounds.min_lon, min_lat=bounds.min_lat, max_lon=bounds.max_lon,
                 max_lat=bounds.max_lat, zoom=tile.z)
    shapes = tile.laid(shapely.from_wkb(np.array([bytes(row[-1]) for row in rows], dtype=object)))
    return [Feature(shape, _said(tile, row), row[0]) for shape, row in zip(shapes, rows, strict=True)
            if not shape.is_empty]


def _said(tile: Tile, row: tuple[Any, ...]) -> dict[str, Value]:
    _, klass, code, name, state, *_ = row
    said: dict[str, Value] = {"class": klass}
    if state != "intact":
        said["state"] = state
    if tile.z >= CODES_FROM:
        said |= {"code": code, "name": name}
    return said


def _places(tile: Tile, rows: list[tuple[Any, ...]]) -> list[tuple[int, int]]:
    """Return where rows that end in lon, lat stand on the tile."""
    if not rows:
        return []
    units = tile.units(np.array([row[-2:] for row in rows], dtype=np.float64)).astype(int).clip(0, EXTENT - 1)
    return [(x, y) for x, y in units.tolist()]


def _rows(sql: str, **given: float) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"most": MOST_FEATURES, **given})
        return list(cursor.fetchall())
