"""How far all has been taken (游标), where writers may commit out of order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

HOLE_WAIT: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Position:
    """Everything up to `taken_to` is taken; behind it a number has been missing since `hole_since`."""

    taken_to: int
    hole_since: datetime | None = None


def advance(position: Position, taken: Iterable[int], *, now: datetime) -> Position:
    """Return the position after all of `taken` are taken (推进游标).

    A missing number may still be committed by a slower writer, so the position waits before it for
    `HOLE_WAIT`; what lies beyond is taken meanwhile. Then it was rolled back, and is passed over.
    """
    beyond = sorted(number for number in set(taken) if number > position.taken_to)
    reached = position.taken_to
    for number in beyond:
        if number != reached + 1:
            break
        reached = number
    if not beyond or reached == beyond[-1]:
        return Position(reached)
    waited = position.hole_since if reached == position.taken_to else None
    if waited is not None and now - waited >= HOLE_WAIT:
        over = next(number for number in beyond if number > reached)
        return advance(Position(over - 1), beyond, now=now)
    return Position(reached, waited or now)
