"""A case's limit as a ruler (时限尺): start, now, 80 %, due, in the units of the drawing; or why it cannot be drawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from linli.calendar import queries as calendar
from linli.calendar.domain import running
from linli.calendar.domain.days import WorkingDays
from linli.calendar.domain.units import NATURAL_TIME
from linli.cases.domain.limits import Clock, Standing
from linli.cases.models import Case
from linli.kernel import clock

WIDTH: Final = 320.0
NARROWEST: Final = 0.8


@dataclass(frozen=True, slots=True)
class Ruler:
    """The clock of a case; `due_at` None = the end cannot be computed, `used` and `near` in units of `WIDTH`.

    `off` are the stretches in which its time does not run, as (from, width); `used_amount` is
    what was used of it in its own unit, None where that is plain time.
    """

    standing: Standing
    limit_text: str
    start_at: datetime | None = None
    near_at: datetime | None = None
    due_at: datetime | None = None
    seen_at: datetime | None = None
    used: float = 0.0
    near: float = 0.0
    left_s: float = 0.0
    used_s: float = 0.0
    used_amount: float | None = None
    off: tuple[tuple[float, float], ...] = ()
    suspended_until: datetime | None = None

    @property
    def over_s(self) -> float:
        """Return by how many seconds it is over."""
        return max(0.0, -self.left_s)


def of(case: Case) -> Ruler:
    """Return the ruler of a case: it stands still where the unit was done."""
    running_limit, until = case.clock, case.suspended_until if case.is_suspended else None
    if running_limit is None or case.near_at is None or case.due_at is None:
        return Ruler(case.standing, case.limit_text, start_at=case.started_at, suspended_until=until)
    start, due, at = running_limit.started_at, case.due_at, case.handled_at or clock.now()
    days = calendar.calendar_for(case.area_code)
    used = running_limit.used(at, days)
    return Ruler(
        case.standing, case.limit_text, start_at=start, near_at=case.near_at, due_at=due, seen_at=at,
        used=_place(at, start, due), near=_place(case.near_at, start, due), left_s=(due - at).total_seconds(),
        used_s=(at - start).total_seconds(), used_amount=_amount(running_limit, used),
        off=_off(running_limit, due, days), suspended_until=until,
    )


def _amount(limit: Clock, used: Fraction | None) -> float | None:
    if used is None or limit.limit.unit in NATURAL_TIME:
        return None
    return round(float(used * limit.limit.amount * limit.times), 1)


def _place(moment: datetime, start: datetime, due: datetime) -> float:
    whole = due - start
    return round(WIDTH * min(1.0, max(0.0, (moment - start) / whole)), 1) if whole > timedelta() else WIDTH


def _off(limit: Clock, due: datetime, days: WorkingDays) -> tuple[tuple[float, float], ...]:
    """Return where its time does not run: outside working periods, and while it was suspended."""
    rests = [] if limit.limit.unit in NATURAL_TIME else running.rests(limit.started_at, due, days)
    if limit.paused_at is not None and limit.resumed_at is not None and limit.resumed_at > limit.started_at:
        rests.append((max(limit.paused_at, limit.started_at), min(limit.resumed_at, due)))
    drawn = [(_place(begin, limit.started_at, due), _place(end, limit.started_at, due)) for begin, end in rests]
    return tuple((begin, round(end - begin, 1)) for begin, end in drawn if end - begin >= NARROWEST)
