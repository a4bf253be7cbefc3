"""The plan (规划): streets on a lattice, blocks between them, and the one grid network over the blocks."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from linli_city import names
from linli_city.chance import chance, dealt
from linli_city.ground import STEP, River, outline
from linli_city.values import Area

DISTRICT: Final = "990101"
FRINGE: Final = 3  # columns and rows of land round the street that belong to nobody's grid
_PEOPLE_PER_BLOCK: Final = 178
_WIDTHS: Final = (140, 160, 180, 200)
_HEIGHTS: Final = (120, 140, 160, 180)
_SPLIT_ABOVE_M2: Final = 30_000
_USES: Final = ["old"] * 7 + ["new"] * 8 + ["park"] * 2 + ["school", "public", "market"]


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of lattice cells, the upper ends left out (格区)."""

    column: int
    row: int
    column_end: int
    row_end: int


@dataclass(frozen=True, slots=True)
class Lot:
    """A piece of land between streets (地块): `grid` and `community` are empty on the fringe."""

    x0: int
    y0: int
    x1: int
    y1: int
    use: str
    estate: str
    grid: str
    community: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything may be built (规划图)."""

    xs: tuple[int, ...]
    ys: tuple[int, ...]
    core: Span
    river: River
    lots: tuple[Lot, ...]
    areas: tuple[Area, ...]

    def holds(self, x: float, y: float) -> bool:
        """Return whether a plan place lies in the street (街道辖区内)."""
        return (self.xs[self.core.column] <= x <= self.xs[self.core.column_end]
                and self.ys[self.core.row] <= y <= self.ys[self.core.row_end])

    def is_main(self, line: int) -> bool:
        """Return whether the lattice line of this number is a main road (主干道)."""
        return line % 3 == 1


def lay_out(people: int, seed: int) -> Plan:
    """Return the plan of a city for so many people (布局)."""
    blocks = max(12, math.ceil(people / _PEOPLE_PER_BLOCK))
    columns = math.ceil(math.sqrt(blocks * 1.25))
    rows = math.ceil(blocks / columns)
    core = Span(FRINGE, FRINGE, FRINGE + columns, FRINGE + rows)
    xs = _lines(seed, "columns", columns, _WIDTHS)
    ys = _lines(seed, "rows", rows, _HEIGHTS)
    height = ys[core.row_end] - ys[core.row]
    river = River(y=-0.22 * height, half_width_m=18 + min(30, height / 100))
    network = _Network(people, seed, xs, ys, core)
    lots = tuple(_lots(seed, xs, ys, core, network.grids))
    return Plan(xs, ys, core, river, lots, tuple(network.areas))


def _lines(seed: int, what: str, count: int, sizes: tuple[int, ...]) -> tuple[int, ...]:
    dice = chance(seed, what)
    steps = [sizes[int(dice.random() * len(sizes))] for _ in range(count + 2 * FRINGE)]
    start = -sum(steps[:FRINGE]) - sum(steps[FRINGE:-FRINGE]) // (2 * STEP) * STEP
    return tuple(start + sum(steps[:n]) for n in range(len(steps) + 1))


def _pieces(xs: tuple[int, ...], ys: tuple[int, ...], column: int, row: int) -> list[tuple[int, int, int, int]]:
    """Return a block's rectangle, or its halves if it is too big for one unit grid."""
    x0, x1, y0, y1 = xs[column], xs[column + 1], ys[row], ys[row + 1]
    if (x1 - x0) * (y1 - y0) <= _SPLIT_ABOVE_M2:
        return [(x0, y0, x1, y1)]
    if x1 - x0 >= y1 - y0:
        middle = x0 + (x1 - x0) // (2 * STEP) * STEP
        return [(x0, y0, middle, y1), (middle, y0, x1, y1)]
    middle = y0 + (y1 - y0) // (2 * STEP) * STEP
    return [(x0, middle, x1, y1), (x0, y0, x1, middle)]


class _Network:
    """District, streets, communities and grids, from the widest to the smallest (一张网)."""

    def __init__(self, people: int, seed: int, xs: tuple[int, ...], ys: tuple[int, ...], core: Span) -> None:
        self.xs, self.ys = xs, ys
        self.areas = [Area(DISTRICT, f"{names.DISTRICT}区", outline(xs[0], ys[0], xs[-1], ys[-1]))]
        self.grids: dict[tuple[int, int, int, int], tuple[str, str]] = {}  # piece → grid, community
        self._names = iter(names.communities(chance(seed, "communities")))
        communities = (2 if people < 4000 else 3) if people < 12_000 else round(people / 8000)
        streets = max(1, round(communities / 25))
        for number, span in enumerate(_divided(core, streets), start=1):
            self._street(f"{DISTRICT}{number:03d}", span, _share(communities, streets, number))

    def _street(self, code: str, span: Span, communities: int) -> None:
        parts = [(f"{code}{number:03d}", part) for number, part in enumerate(_divided(span, communities), start=1)]
        named = [next(self._names) for _ in parts]
        self.areas.append(Area(code, named[0].removesuffix("社区") + "街道", self._outline(span)))
        for (community, part), name in zip(parts, named, strict=True):
            self.areas.append(Area(community, name, self._outline(part)))
            self._grids(community, part, name)

    def _grids(self, community: str, span: Span, name: str) -> None:
        pieces = [piece for row in reversed(range(span.row, span.row_end))
                  for column in range(span.column, span.column_end)
                  for piece in _pieces(self.xs, self.ys, column, row)]
        for number, piece in enumerate(pieces, start=1):
            code = f"{community}{number:03d}"
            self.grids[piece] = code, community
            self.areas.append(Area(code, f"{name} 网格 {number:03d}", outline(*piece)))

    def _outline(self, span: Span) -> tuple[tuple[float, float], ...]:
        return outline(self.xs[span.column], self.ys[span.row], self.xs[span.column_end], self.ys[span.row_end])


def _share(whole: int, parts: int, number: int) -> int:
    """Return how many of `whole` fall to the part of this number, from 1."""
    return whole * number // parts - whole * (number - 1) // parts


def _divided(span: Span, parts: int) -> list[Span]:
    """Return `parts` rectangles that make up the span, from north to south and west to east."""
    return sorted(_halved(span, parts), key=lambda s: (-s.row_end, s.column))


def _halved(span: Span, parts: int) -> list[Span]:
    if parts == 1:
        return [span]
    first = parts // 2
    wide, tall = span.column_end - span.column, span.row_end - span.row
    if wide >= tall:
        cut = span.column + max(1, round(wide * first / parts))
        halves = Span(span.column, span.row, cut, span.row_end), Span(cut, span.row, span.column_end, span.row_end)
    else:
        cut = span.row + max(1, round(tall * first / parts))
        halves = (Span(span.column, span.row, span.column_end, cut),
                  Span(span.column, cut, span.column_end, span.row_end))
    return _halved(halves[0], first) + _halved(halves[1], parts - first)


def _lots(seed: int, xs: tuple[int, ...], ys: tuple[int, ...], core: Span,
          grids: dict[tuple[int, int, int, int], tuple[str, str]]) -> Iterator[Lot]:
    cells = [(column, row) for row in range(len(ys) - 1) for column in range(len(xs) - 1)]
    in_core = [core.column <= c < core.column_end and core.row <= r < core.row_end for c, r in cells]
    inner = iter(dealt(chance(seed, "uses", "core"), _USES, sum(in_core)))
    outer = iter(dealt(chance(seed, "uses", "fringe"), _USES, len(cells) - sum(in_core)))
    estates = names.estates(chance(seed, "estates"))
    for number, ((column, row), is_core) in enumerate(zip(cells, in_core, strict=True)):
        use = next(inner if is_core else outer)
        for piece in _pieces(xs, ys, column, row):
            grid, community = grids.get(piece, ("", ""))
            yield Lot(*piece, use, estates[number % len(estates)], grid, community)
