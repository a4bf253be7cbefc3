"""City components in the density of a real street (城市部件): about 7,000 to the square kilometre.

Source of the density: 8,400 per square kilometre in Shanghai (`domain.md` §7.1); the spacings are ours.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from linli_city.accountable import units_for
from linli_city.blocks import Site
from linli_city.chance import chance
from linli_city.ground import at, box, line
from linli_city.plan import DISTRICT, Lot, Plan
from linli_city.values import Component, Ring

# class, name, metres between two, metres to the side of the middle of the street, on both sides
_ALONG: Final = (
    ("0103", "雨水井盖", 35, 3.0, False), ("0102", "污水井盖", 35, -2.5, False), ("0104", "雨水箅子", 25, 6.0, True),
    ("0101", "上水井盖", 70, 4.5, False), ("0105", "电力井盖", 80, -8.5, False), ("0107", "通讯井盖", 60, 8.5, False),
    ("0106", "路灯井盖", 150, 9.5, False), ("0111", "燃气井盖", 140, -4.5, False), ("0113", "消火栓", 120, 9.0, False),
    ("0118", "路灯", 30, 8.0, True), ("0402", "行道树", 6, 7.5, True), ("0305", "垃圾箱", 90, 9.0, True),
    ("0407", "街头坐椅", 160, 9.5, False), ("0115", "通讯交接箱", 260, 10.0, False),
    ("0134", "变压器", 320, -10.0, False), ("0114", "无主井盖", 900, 5.5, False),
)
_BY_HOUSE: Final = (("0102", "污水井盖", 4.0, -3.0), ("0103", "雨水井盖", 16.0, -4.0), ("0102", "污水井盖", 30.0, -3.0),
                    ("0101", "上水井盖", 9.0, -5.0), ("0118", "路灯", 22.0, -6.0), ("0104", "雨水箅子", 20.0, -4.5),
                    ("0107", "通讯井盖", 12.0, -6.5))
_BY_ESTATE: Final = (("0305", "垃圾箱", 8, 4), ("0304", "垃圾间", 12, 5), ("0113", "消火栓", 16, 4),
                     ("0126", "健身设施", 24, 6), ("0501", "宣传栏", 4, 8))
_AT_CROSSINGS: Final = (("0213", "路名牌", 10, 10), ("0213", "路名牌", -10, -10), ("0209", "交通标志牌", 11, -9))
_AT_MAIN_CROSSINGS: Final = (("0210", "交通信号灯", 9, -11), ("0210", "交通信号灯", -9, 11), ("0136", "监控", 12, 12),
                             ("0203", "公交站亭", 30, -9))


class Installer:
    """Sets components one after another and numbers each class (安装)."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan, self.seed = plan, seed
        self.numbers: Counter[str] = Counter()
        self.set: list[Component] = []

    def put(self, class_code: str, kind: str, x: float, y: float, lot: Lot, dice: Random, *, in_estate: bool = False,
            form: str = "point", places: Ring = ()) -> None:
        """Set one component at plan metres x, y, unless it is beyond the border; the lot says whose it is."""
        if not self.plan.holds(x, y):
            return
        self.numbers[class_code] += 1
        number = self.numbers[class_code]
        installed = date(2008, 1, 1) + timedelta(days=int(dice.random() * 6000))
        trio = units_for(class_code, lot.community, dice, in_estate=in_estate)
        self.set.append(Component(f"{DISTRICT}{class_code}{number:06d}", class_code, f"{kind} {number}", at(x, y),
                                  installed.isoformat(), *trio, form, places))


def install(plan: Plan, sites: list[Site], seed: int) -> tuple[Component, ...]:
    """Return all components of the street (部件安装); the fringe has none."""
    installer = Installer(plan, seed)
    for lot in plan.lots:
        if lot.grid:
            dice = chance(seed, "components", lot.x0, lot.y0)
            _along_streets(installer, lot, dice)
            _at_crossing(installer, lot, dice)
            _in_lot(installer, lot, dice)
            _for_safety(installer, lot, chance(seed, "safety", lot.x0, lot.y0))
    _by_houses(installer, sites, seed)
    return tuple(installer.set)


def _along_streets(installer: Installer, lot: Lot, dice: Random) -> None:
    """Line the lot's west and south street; its other sides are its neighbours'."""
    plan = installer.plan
    ways = [((lot.x0, lot.y0), (0, 1), lot.y1 - lot.y0)] if lot.x0 in plan.xs else []
    ways += [((lot.x0, lot.y0), (1, 0), lot.x1 - lot.x0)] if lot.y0 in plan.ys else []
    for (x0, y0), (dx, dy), length in ways:
        for class_code, kind, spacing, aside, both in _ALONG:
            for side in (1, -1) if both else (1,):
                for way in _stops(length, spacing, dice):
                    x, y = x0 + dx * way + dy * aside * side, y0 + dy * way - dx * aside * side
                    if not plan.river.is_near(x, y, x + 1, y + 1, 3.0):
                        installer.put(class_code, kind, x, y, lot, dice)


def _stops(length: int, spacing: int, dice: Random) -> Iterator[float]:
    """Return places along a way, the first somewhere within one spacing, clear of the crossings."""
    way = 12 + dice.random() * spacing
    while way < length - 12:
        yield way
        way += spacing


def _at_crossing(installer: Installer, lot: Lot, dice: Random) -> None:
    plan = installer.plan
    if lot.x0 not in plan.xs or lot.y0 not in plan.ys:
        return
    column, row = plan.xs.index(lot.x0), plan.ys.index(lot.y0)
    is_main = plan.is_main(column) or plan.is_main(row)
    for class_code, kind, dx, dy in _AT_CROSSINGS + (_AT_MAIN_CROSSINGS if is_main else ()):
        installer.put(class_code, kind, lot.x0 + dx, lot.y0 + dy, lot, dice)
    if plan.is_main(row):
        railing = line(lot.x0 + 14, lot.y0, lot.x1 - 14, lot.y0)
        installer.put("0211", "交通护栏", (lot.x0 + lot.x1) / 2, lot.y0, lot, dice, form="line", places=railing)


def _in_lot(installer: Installer, lot: Lot, dice: Random) -> None:
    if lot.use == "park":
        ground = box(lot.x0 + 15, lot.y0 + 15, lot.x1 - 15, lot.y1 - 15)
        installer.put("0405", "绿地", (lot.x0 + lot.x1) / 2, (lot.y0 + lot.y1) / 2, lot, dice, form="polygon",
                      places=ground)
    if lot.use in ("old", "new"):
        for class_code, kind, dx, dy in _BY_ESTATE:
            installer.put(class_code, kind, lot.x0 + 15 + dx, lot.y0 + 15 + dy, lot, dice, in_estate=True)
    if lot.use == "new":
        installer.put("0135", "燃气调压箱", lot.x1 - 20, lot.y0 + 18, lot, dice, in_estate=True)


def _for_safety(installer: Installer, lot: Lot, dice: Random) -> None:
    """Give each estate its switch box, and its fire lane along the middle (配电箱与消防车通道)."""
    if lot.use in ("old", "new"):
        installer.put("0116", "配电箱", lot.x0 + 20, lot.y0 + 24, lot, dice, in_estate=True)
        middle = (lot.x0 + lot.x1) / 2
        installer.put("2190", "消防车通道", middle, (lot.y0 + lot.y1) / 2, lot, dice, in_estate=True, form="line",
                      places=line(middle, lot.y0 + 16, middle, lot.y1 - 16))


def _by_houses(installer: Installer, sites: list[Site], seed: int) -> None:
    for site in sites:
        if not site.lot.grid:
            continue
        dice = chance(seed, "yard", site.lot.x0, site.lot.y0, site.number)
        for class_code, kind, dx, dy in _BY_HOUSE:
            installer.put(class_code, kind, site.x + dx, site.y + dy, site.lot, dice, in_estate=True)
