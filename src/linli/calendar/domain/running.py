"""How time runs in each unit (时限推算): when an amount is used up, and how much is used between two moments.

Amounts are exact fractions, so that adding and measuring agree. One 工作日 is one whole working day, however
long its periods are: half of its working time is half a day.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from linli.calendar.domain.days import Span, WorkingDays
from linli.calendar.domain.units import NATURAL_TIME, LimitUnit

_TICK: Final = timedelta(microseconds=1)
_HOUR: Final = timedelta(hours=1)


def add(start: datetime, amount: int | Fraction, unit: LimitUnit, days: WorkingDays) -> datetime | None:
    """Return when `amount` of `unit`, begun at `start`, is used up; None if it runs into an unknown year.

    What ends with a working period ends at that period's end, not at the beginning of the next one.
    """
    if amount <= 0:
        return start
    if step := NATURAL_TIME.get(unit):
        return start + _times(Fraction(amount), step)
    left = Fraction(amount)
    for day in _days_from(days.day_of(start)):
        spans = days.spans(day)
        if spans is None:
            return None
        one = _one(unit, spans)
        for begin, end in spans:
            first = max(begin, start)
            here = Fraction((end - first) // _TICK, one // _TICK) if end > first else Fraction(0)
            if here >= left:
                return first + _times(left, one)
            left -= here
    return None


def between(start: datetime, end: datetime, unit: LimitUnit, days: WorkingDays) -> Fraction | None:
    """Return how much of `unit` runs from `start` to `end`, 0 if that is no way forward; None if unknown."""
    if end <= start:
        return Fraction(0)
    if step := NATURAL_TIME.get(unit):
        return Fraction((end - start) // _TICK, step // _TICK)
    total = Fraction(0)
    for day in _days_from(days.day_of(start)):
        if days.start_of(day) >= end:
            break
        spans = days.spans(day)
        if spans is None:
            return None
        one = _one(unit, spans)
        total += sum((Fraction((min(upto, end) - max(begin, start)) // _TICK, one // _TICK)
                      for begin, upto in spans if min(upto, end) > max(begin, start)), Fraction(0))
    return total


def rests(start: datetime, end: datetime, days: WorkingDays) -> list[Span]:
    """Return the stretches between two moments in which nobody works (非工作时段); an unknown day is all rest."""
    found, since = [], start
    for day in _days_from(days.day_of(start)):
        if days.start_of(day) >= end:
            break
        for begin, upto in days.spans(day) or ():
            if min(begin, end) > since:
                found.append((since, min(begin, end)))
            since = max(since, upto)
    return [*found, (since, end)] if since < end else found


def _one(unit: LimitUnit, spans: tuple[Span, ...]) -> timedelta:
    """Return how long one unit lasts on a day with these working periods."""
    return _HOUR if unit is LimitUnit.WORKING_HOUR else sum((end - begin for begin, end in spans), timedelta())


def _times(amount: Fraction, step: timedelta) -> timedelta:
    return round(amount * (step // _TICK)) * _TICK


def _days_from(day: date) -> Iterator[date]:
    while day < date.max:
        yield day
        day += timedelta(days=1)
