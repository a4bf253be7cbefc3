from datetime import date, datetime
from typing import Final

from linli.calendar import queries as calendar
from linli.calendar.domain.days import WorkingDays
from linli.cases.domain.limits import NEAR_SHARE
from linli.cases.models import Case
from linli.kernel.errors import Invalid

A_YEAR: Final = 366


def begin(case: Case, now: datetime) -> None:
    """Let one original limit run from now (开始计时): at the filing, and again at a reopening."""
    case.started_at, case.limit_times = now, 1
    settle(case)


def extend(case: Case) -> None:
    """Grant one more original limit (延期)."""
    case.extensions += 1
    case.limit_times += 1
    settle(case)


def suspend(case: Case, now: datetime) -> None:
    """Let the clock rest until the day that was asked for (挂账)."""
    if case.asked_until is None:
        raise Invalid("cases.until_missing", "Please say until when.", field="until")
    until = calendar.start_of(case.area_code, case.asked_until)
    if until <= now:
        raise Invalid("cases.until_passed", "The day until which it was to rest has come already.", field="until")
    case.suspended_at, case.suspended_until = now, until
    settle(case)


def resume(case: Case, now: datetime) -> None:
    """Let the clock run on (解除挂账); by itself on the day agreed, or earlier by hand."""
    if case.suspended_until is not None:
        case.resumed_at = min(now, case.suspended_until)
    settle(case)


def settle(case: Case, days: WorkingDays | None = None) -> None:
    """Set the moments of 80 % and of the end as the calendar tells them now (推算期限); unknown is None."""
    running = case.clock
    if running is None:
        return
    days = days or calendar.calendar_for(case.area_code)
    near, due = running.at(NEAR_SHARE, days), running.at(1, days)
    case.near_at, case.due_at = (near, due) if due is not None else (None, None)


def require_day_ahead(until: date | None, area_code: str, now: datetime) -> None:
    """Refuse a day that is not ahead, or more than a year ahead (挂账期限)."""
    today = calendar.calendar_for(area_code).day_of(now)
    if until is not None and not 0 < (until - today).days < A_YEAR:
        raise Invalid("cases.until_range", "Choose a day from tomorrow on, at most a year ahead.", field="until")
