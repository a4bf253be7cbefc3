"""The shipped calendar as plain values (工作日历), read without a database."""

from datetime import date, time
from functools import cache

from linli.calendar.domain import notice
from linli.calendar.domain.days import Periods, WorkingDays
from linli.kernel import presets

EIGHT_HOURS = ((time(8), time(12)), (time(14), time(18)))


@cache
def shipped(*years: int) -> WorkingDays:
    """Return the calendar of the shipped years, or of those named."""
    notices = [one for one in notice.parse(presets.read("holidays/cn")) if not years or one.year in years]
    return WorkingDays(
        "Asia/Shanghai", frozenset(one.year for one in notices),
        frozenset(day for one in notices for day in one.off), frozenset(day for one in notices for day in one.worked),
        (Periods(date(1949, 10, 1), EIGHT_HOURS),),
    )
