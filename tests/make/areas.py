"""Builders of areas (区域): a small district of two communities, each with a row of square grids."""

from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from linli.areas import actions as areas
from linli.areas.domain.shapes import NewArea, NewFeature
from linli.kernel.actor import Actor
from linli.kernel.geo import Point

DISTRICT = "990101"
STREET = "990101001"
WEST, EAST = "990101001001", "990101001002"
GRID_A, GRID_B, GRID_C, GRID_D = f"{WEST}001", f"{WEST}002", f"{EAST}001", f"{EAST}002"
SIDE = 0.002  # degrees, about 190 × 220 m
SYSTEM = Actor.system("test")


def square(column: float, row: float = 0, *, width: float = 1, height: float = 1) -> BaseGeometry:
    """Return a rectangle of the lattice whose square 0, 0 has its south-west corner at 120, 30."""
    west, south = 120 + column * SIDE, 30 + row * SIDE
    return shapely.box(west, south, west + width * SIDE, south + height * SIDE)


def middle_of(column: float, row: float = 0) -> Point:
    """Return the middle of a square of the lattice."""
    return Point(120 + (column + 0.5) * SIDE, 30 + (row + 0.5) * SIDE)


def new_area(code: str, name: str, shape: BaseGeometry) -> NewArea:
    """Return an area to be entered, in force since 2020."""
    return NewArea(code, name, shapely.to_wkb(shape), date(2020, 1, 1))


def small_district() -> list[NewArea]:
    """Return grids A B | C D from west to east in two communities; the district reaches one square further."""
    return [
        new_area(DISTRICT, "样区", square(-1, -1, width=6, height=3)),
        new_area(STREET, "柳塘街道", square(0, width=4)),
        new_area(WEST, "柳塘社区", square(0, width=2)),
        new_area(EAST, "棠湖社区", square(2, width=2)),
        new_area(GRID_A, "柳塘社区 网格 001", square(0)),
        new_area(GRID_B, "柳塘社区 网格 002", square(1)),
        new_area(GRID_C, "棠湖社区 网格 001", square(2)),
        new_area(GRID_D, "棠湖社区 网格 002", square(3)),
    ]


def make_areas() -> None:
    """Enter the small district."""
    areas.load_areas(small_district(), actor=SYSTEM)


def make_base_map() -> None:
    """Enter a main road, a lane and a named house on the small district."""
    areas.replace_base_map([
        NewFeature("road", "柳塘路", 1, shapely.to_wkb(shapely.LineString([(119.99, 30), (120.02, 30)]))),
        NewFeature("lane", "", 2, shapely.to_wkb(shapely.LineString([(120.001, 30), (120.001, 30.002)]))),
        NewFeature("house", "1", 1, shapely.to_wkb(square(0.2, 0.2, width=0.2, height=0.1))),
    ], actor=SYSTEM)
