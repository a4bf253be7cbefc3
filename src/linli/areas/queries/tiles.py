from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import numpy as np
import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

from linli.areas.domain.layers import areas_shown, shown
from linli.areas.domain.mvt import EXTENT, Feature, Layer, Value, encode
from linli.areas.domain.tile import Tile
from linli.areas.queries.places import edition

MOST_FEATURES: Final = 5000
KEPT_TILES: Final = 512

_BASE: Final = """
    SELECT f.id, f.kind, f.name, f.rank, f.geometry
    FROM areas_basefeature f JOIN unnest(%(kinds)s::text[], %(ranks)s::int[]) s (kind, below) USING (kind)
    WHERE box(point(min_lon, min_lat), point(max_lon, max_lat))
          && box(point(%(min_lon)s, %(min_lat)s), point(%(max_lon)s, %(max_lat)s))
      AND f.rank < s.below ORDER BY f.rank, f.id LIMIT %(most)s
"""
_AREAS: Final = """
    SELECT id, kind, name, code, geometry FROM areas_area
    WHERE box(point(min_lon, min_lat), point(max_lon, max_lat))
          && box(point(%(min_lon)s, %(min_lat)s), point(%(max_lon)s, %(max_lat)s))
      AND kind = ANY(%(kinds)s) AND valid_to IS NULL ORDER BY length(code), code LIMIT %(most)s
"""


def base_tile(tile: Tile) -> bytes:
    """Return the base map's tile (底图瓦片): what `layers` shows at its zoom, at most 5,000 shapes, main ones first."""
    return _base_tile(edition("base"), tile)


def grids_tile(tile: Tile) -> bytes:
    """Return the grid network's tile (网格瓦片): outlines, and labels in the tile that holds their place."""
    return _grids_tile(edition("areas"), tile)


@lru_cache(maxsize=KEPT_TILES)
def _base_tile(now: UUID, tile: Tile) -> bytes:
    kinds = shown(tile.z)
    rows = _rows(_BASE, tile, kinds=[kind for kind, _ in kinds], ranks=[below for _, below in kinds])
    drawn = [(kind, Feature(shape, {"name": name, "rank": rank} if name else {"rank": rank}, key))
             for (key, kind, name, rank, _), shape in _laid(tile, rows)]
    return encode(_by_kind(drawn))


@lru_cache(maxsize=KEPT_TILES)
def _grids_tile(now: UUID, tile: Tile) -> bytes:
    rows = _rows(_AREAS, tile, kinds=areas_shown(tile.z))
    drawn: list[tuple[str, Feature]] = []
    for (key, kind, name, code, geometry), shape in _laid(tile, rows):
        said: dict[str, Value] = {"code": code, "name": name}
        if kind == "grid":
            said["number"] = code[-3:]
        drawn.append((kind, Feature(shape, said, key)))
        x, y = tile.units(shapely.get_coordinates(shapely.from_wkb(bytes(geometry)).representative_point()))[0]
        if kind in ("grid", "community") and 0 <= x < EXTENT and 0 <= y < EXTENT:
            drawn.append((f"{kind}_label", Feature((int(x), int(y)), said, key)))
    return encode(_by_kind(drawn))


def _rows(sql: str, tile: Tile, **given: list[Any]) -> list[tuple[Any, ...]]:
    bounds = tile.bounds
    with connection.cursor() as cursor:
        cursor.execute(sql, {"min_lon": bounds.min_lon, "min_lat": bounds.min_lat, "max_lon": bounds.max_lon,
                             "max_lat": bounds.max_lat, "most": MOST_FEATURES, **given})
        return list(cursor.fetchall())


def _laid(tile: Tile, rows: list[tuple[Any, ...]]) -> Iterator[tuple[tuple[Any, ...], BaseGeometry]]:
    """Yield each row, whose last column is its WKB shape, with the shape laid onto the tile, if anything is left."""
    shapes = tile.laid(shapely.from_wkb(np.array([bytes(row[-1]) for row in rows], dtype=object)))
    return ((row, shape) for row, shape in zip(rows, shapes, strict=True) if not shape.is_empty)


def _by_kind(drawn: list[tuple[str, Feature]]) -> Iterator[Layer]:
    for kind, features in groupby(sorted(drawn, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        yield Layer(kind, [feature for _, feature in features])
