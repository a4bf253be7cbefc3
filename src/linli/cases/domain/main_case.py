"""Which of two cases of one matter goes on for both (主案): the one that has come further, for its limit runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linli.calendar.domain.units import LimitUnit
from linli.cases.domain.limits import Limit
from linli.cases.domain.workflow import State

_HOURS: Final = {LimitUnit.EMERGENCY_HOUR: 1, LimitUnit.WORKING_HOUR: 3, LimitUnit.EMERGENCY_DAY: 24}
_HOURS_OF_A_DAY: Final = 24
_FAR: Final = {State.FILED: 1, State.DISPATCHED: 2, State.HANDLED: 3, State.CHECKED: 4}


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What is looked at: state, end of the limit (None = none, or not computable), age."""

    state: State
    due_at: datetime | None
    opened_at: datetime
    case_id: int


def is_further(one: Standpoint, two: Standpoint) -> bool:
    """Return whether `one` goes on for both (主案判定).

    A filed case before one that is not, the further handled before the less; of two as far the one
    that is due first, so that the stricter limit holds; then the older.
    """
    return _rank(one) < _rank(two)


def strictest(limits: Iterable[Limit]) -> float:
    """Return the shortest of these limits in hours, infinity if there is none.

    Only for ranking before a filing: a working hour is taken as three, as eight of a day's 24 are worked.
    """
    return min((limit.amount * _HOURS.get(limit.unit, _HOURS_OF_A_DAY) for limit in limits), default=float("inf"))


def _rank(case: Standpoint) -> tuple[int, bool, float, datetime, int]:
    due = case.due_at.timestamp() if case.due_at else 0.0
    return -_FAR.get(case.state, 0), case.due_at is None, due, case.opened_at, case.case_id
