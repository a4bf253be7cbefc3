"""The lie of the land (地形): plan metres become places on the ground.

The plan is a lattice of straight streets. Bending it with a smooth warp makes streets that
curve together; whatever shares an edge on the plan shares it on the ground.
"""

import math
from typing import Final

from linli_city.values import Place, Ring

LON: Final = 120.0
LAT: Final = 30.0
STEP: Final = 20  # metres; every edge has a corner at each multiple, so that neighbours share all of theirs
_TURN: Final = -0.13
_COS, _SIN = math.cos(_TURN), math.sin(_TURN)
_LON_M: Final = 111_320 * math.cos(math.radians(LAT))
_LAT_M: Final = 110_540
_LIFT: Final = 60 * math.sin(0.6) + 18


def at(x: float, y: float) -> Place:
    """Return the place of plan metres x (east) and y (north), to the centimetre."""
    u = x + 70 * math.sin(y / 760) + 25 * math.sin(x / 410)
    v = y + 60 * math.sin(x / 900 + 0.6) + 18 * math.cos(y / 300) - _LIFT
    return (round(LON + (u * _COS - v * _SIN) / _LON_M, 7), round(LAT + (u * _SIN + v * _COS) / _LAT_M, 7))


def line(x0: float, y0: float, x1: float, y1: float) -> Ring:
    """Return the bent line between two plan places, a corner about every STEP."""
    steps = max(1, math.ceil(max(abs(x1 - x0), abs(y1 - y0)) / STEP))
    return tuple(at(x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps) for n in range(steps + 1))


def outline(x0: int, y0: int, x1: int, y1: int) -> Ring:
    """Return the closed outline of a rectangle whose sides are multiples of STEP, a corner at each multiple."""
    east, west = range(x0, x1, STEP), range(x1, x0, -STEP)
    north, south = range(y0, y1, STEP), range(y1, y0, -STEP)
    corners = [*((x, y0) for x in east), *((x1, y) for y in north), *((x, y1) for x in west), *((x0, y) for y in south)]
    return tuple(at(x, y) for x, y in [*corners, corners[0]])


def box(x0: float, y0: float, x1: float, y1: float) -> Ring:
    """Return the closed outline of a small rectangle by its four corners."""
    return (at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0))


class River:
    """The river (河): it flows from west to east, `half_width_m` to each side of its middle line."""

    def __init__(self, y: float, half_width_m: float) -> None:
        self.y = y
        self.half_width_m = half_width_m

    def middle(self, x: float) -> float:
        """Return the plan y of the middle line at x."""
        return self.y + 45 * math.sin(x / 260) + 15 * math.sin(x / 97 + 1)

    def is_near(self, x0: float, y0: float, x1: float, y1: float, gap_m: float = 12.0) -> bool:
        """Return whether the water, or the bank within `gap_m`, reaches a rectangle."""
        reach = self.half_width_m + gap_m
        stops = max(2, math.ceil((x1 - x0) / STEP) + 1)
        middles = [self.middle(x0 + (x1 - x0) * n / (stops - 1)) for n in range(stops)]
        return min(middles) - reach < y1 and max(middles) + reach > y0

    def bank(self, x0: int, x1: int, side: int) -> Ring:
        """Return one bank from x0 to x1: side 1 the north one, -1 the south one, 0 the middle line."""
        return tuple(at(x, self.middle(x) + side * self.half_width_m) for x in range(x0, x1 + 1, STEP))
