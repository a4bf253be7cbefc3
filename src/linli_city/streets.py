"""Streets, lanes and the river as shapes of the base map (路网与水系)."""

from collections.abc import Iterator

from linli_city import names
from linli_city.chance import chance
from linli_city.ground import line
from linli_city.plan import Plan
from linli_city.values import Shape


def draw(plan: Plan, seed: int) -> Iterator[Shape]:
    """Return the ways and the water (路网与水系)."""
    west, east, south, north = plan.xs[0], plan.xs[-1], plan.ys[0], plan.ys[-1]
    upright = names.streets(chance(seed, "street names"), "街")
    level = names.streets(chance(seed, "road names"), "路")
    for number, x in enumerate(plan.xs):
        yield Shape("road", upright[number % len(upright)], _rank(plan, number), "line", line(x, south, x, north))
    for number, y in enumerate(plan.ys):
        yield Shape("road", level[number % len(level)], _rank(plan, number), "line", line(west, y, east, y))
    yield from _lanes(plan)
    banks = plan.river.bank(west, east, -1) + tuple(reversed(plan.river.bank(west, east, 1)))
    yield Shape("river", names.RIVER, 1, "polygon", (*banks, banks[0]))
    yield Shape("riverline", names.RIVER, 1, "line", plan.river.bank(west, east, 0))


def _rank(plan: Plan, number: int) -> int:
    return 1 if plan.is_main(number) else 2


def _lanes(plan: Plan) -> Iterator[Shape]:
    """Return a lane along the middle of each estate, and one between the halves of a block."""
    columns, rows = set(plan.xs), set(plan.ys)
    for lot in plan.lots:
        if lot.use in ("old", "new"):
            middle = (lot.x0 + lot.x1) // 2
            yield Shape("lane", "", 2, "line", line(middle, lot.y0, middle, lot.y1))
        if lot.x1 not in columns:
            yield Shape("lane", "", 1, "line", line(lot.x1, lot.y0, lot.x1, lot.y1))
        if lot.y1 not in rows:
            yield Shape("lane", "", 1, "line", line(lot.x0, lot.y1, lot.x1, lot.y1))
