"""What stands on each lot (地块建设): houses in rows, schools, markets, parks."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from linli_city import names
from linli_city.chance import chance
from linli_city.ground import River, at, box
from linli_city.plan import Lot, Plan
from linli_city.values import Place, Shape

VERGE: Final = 15  # metres from the middle of the street to the lot
_PUBLIC: Final = {
    "school": ("小学", "中学", "幼儿园"), "public": ("社区卫生服务站", "党群服务中心"), "market": ("菜场",),
}
_PARKS: Final = ("公园", "口袋公园", "绿地")


@dataclass(frozen=True, slots=True)
class Site:
    """A house's place before anybody lives in it (宅基)."""

    lot: Lot
    number: int
    x: float
    y: float
    width: float
    middle: Place


@dataclass(frozen=True, slots=True)
class Built:
    """What the lots became (建成)."""

    shapes: list[Shape]
    sites: list[Site]


def build_lots(plan: Plan, seed: int) -> Built:
    """Build every lot (建设)."""
    built = Built([], [])
    for lot in plan.lots:
        dice = chance(seed, "lot", lot.x0, lot.y0)
        inner = (lot.x0 + VERGE, lot.y0 + VERGE, lot.x1 - VERGE, lot.y1 - VERGE)
        built.shapes.append(Shape("block", "", 1, "polygon", box(*inner)))
        if lot.use == "park":
            built.shapes.extend(_park(dice, inner))
        elif lot.use in _PUBLIC:
            built.shapes.extend(_public(dice, lot.use, inner, plan.river))
        else:
            _estate(dice, lot, inner, plan.river, built)
    return built


def _park(dice: Random, inner: tuple[int, int, int, int]) -> Iterator[Shape]:
    x0, y0, x1, y1 = inner
    yield Shape("green", "", 1, "polygon", box(*inner))
    name = names.public_place(dice, _PARKS[int(dice.random() * len(_PARKS))])
    yield Shape("place", name, 1, "point", (at((x0 + x1) / 2, (y0 + y1) / 2),))


def _public(dice: Random, use: str, inner: tuple[int, int, int, int], river: River) -> Iterator[Shape]:
    x0, y0, x1, y1 = inner
    wide, tall = x1 - x0, y1 - y0
    houses = [(x0 + 8, y1 - 26, x1 - 8, y1 - 8), (x1 - 26, y0 + 8, x1 - 8, y1 - 38)]
    standing = [house for house in houses if not river.is_near(*house)]
    if not standing:
        return
    yield Shape("green", "", 2, "polygon", box(x0 + 10, y0 + 10, x0 + wide * 0.55, y0 + tall * 0.55))
    for house in standing:
        yield Shape("house", "", 1, "polygon", box(*house))
    kinds = _PUBLIC[use]
    name = names.public_place(dice, kinds[int(dice.random() * len(kinds))])
    yield Shape("place", name, 1, "point", (at((x0 + x1) / 2, (y0 + y1) / 2),))


def _estate(dice: Random, lot: Lot, inner: tuple[int, int, int, int], river: River, built: Built) -> None:
    """Set slabs in rows, south to north, wherever it is dry."""
    x0, y0, x1, y1 = inner
    old = lot.use == "old"
    width = 44 + dice.random() * 12 if old else 40 + dice.random() * 18
    depth, row_gap, gap = (12, 30, 9) if old else (15, 40, 16)
    columns = max(1, int((x1 - x0 + gap) / (width + gap)))
    number, y = 0, y0 + 8.0
    while y + depth < y1 - 6:
        for column in range(columns):
            x = x0 + (column + 0.5) * (x1 - x0) / columns - width / 2
            shift = dice.random() * 6 - 3
            if dice.random() > 0.06 and not river.is_near(x, y, x + width, y + depth):
                number += 1
                ground = box(x, y + shift, x + width, y + depth + shift)
                built.shapes.append(Shape("house", str(number), 2, "polygon", ground))
                built.sites.append(Site(lot, number, x, y + shift, width, at(x + width / 2, y + depth / 2 + shift)))
        y += row_gap
    if number:
        built.shapes.append(Shape("estate", lot.estate, 1, "point", (at((x0 + x1) / 2, (y0 + y1) / 2 + 10),)))
