"""The slow judge of the calendar (逐分钟对照): it walks minute by minute and knows no shortcut."""

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from linli.calendar.domain.days import WorkingDays
from linli.calendar.domain.units import LimitUnit

MINUTE = timedelta(minutes=1)


def runs(moment: datetime, unit: LimitUnit, days: WorkingDays) -> bool | None:
    """Return whether the minute that begins at `moment` counts, None if its day is unknown."""
    if unit in (LimitUnit.EMERGENCY_HOUR, LimitUnit.EMERGENCY_DAY, LimitUnit.NATURAL_DAY):
        return True
    local = moment.astimezone(ZoneInfo(days.zone))
    if local.year not in days.years:
        return None
    weekend = local.weekday() in (5, 6)
    if (weekend and local.date() not in days.worked) or (not weekend and local.date() in days.off):
        return False
    return any(start <= local.time() < end for start, end in days.periods[-1].spans)


def minutes_of(unit: LimitUnit) -> int:
    """Return how many minutes that count make one unit, with periods of eight hours a day."""
    return {LimitUnit.EMERGENCY_HOUR: 60, LimitUnit.EMERGENCY_DAY: 1440, LimitUnit.NATURAL_DAY: 1440,
            LimitUnit.WORKING_HOUR: 60, LimitUnit.WORKING_DAY: 480}[unit]


def add(start: datetime, minutes: int, unit: LimitUnit, days: WorkingDays) -> datetime | None:
    """Return the end of the minute that is the last of `minutes` that count."""
    now, left = start, minutes
    while left:
        counts = runs(now, unit, days)
        if counts is None:
            return None
        now += MINUTE
        left -= counts
    return now


def between(start: datetime, end: datetime, unit: LimitUnit, days: WorkingDays) -> Fraction | None:
    """Return the minutes that count, in units."""
    total, now = 0, start
    while now < end:
        counts = runs(now, unit, days)
        if counts is None:
            return None
        total, now = total + counts, now + MINUTE
    return Fraction(total, minutes_of(unit))
