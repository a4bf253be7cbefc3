from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings

from linli.calendar.domain.days import Periods, WorkingDays
from linli.calendar.models import CalendarYear, WorkingPeriods
from linli.kernel import clock


@dataclass(frozen=True, slots=True)
class YearLine:
    """One loaded year (已载入年度): how many days off and made up for, and where it comes from."""

    year: int
    off: int
    worked: int
    version: str
    source: str
    verified: bool
    loaded_at: datetime


def calendar_for(area_code: str = "") -> WorkingDays:
    """Return the working days of an area (工作日历): the years that are loaded, the periods of the nearest area."""
    return _calendar(_periods(area_code, WorkingPeriods.objects.order_by("valid_from", "starts")))


def calendars_for(area_codes: Iterable[str]) -> dict[str, WorkingDays]:
    """Return the working days of many areas, by two queries; areas with the same periods share one calendar."""
    rows = list(WorkingPeriods.objects.order_by("valid_from", "starts"))
    periods = {code: _periods(code, rows) for code in set(area_codes)}
    calendars = {each: _calendar(each) for each in set(periods.values())}
    return {code: calendars[each] for code, each in periods.items()}


def start_of(area_code: str, day: date) -> datetime:
    """Return the moment at which a local day begins there."""
    return calendar_for(area_code).start_of(day)


def years() -> list[YearLine]:
    """Return the years that are loaded, the newest first (已载入年度)."""
    return [YearLine(row.year, len(row.off), len(row.worked), row.version, row.source, row.verified, row.loaded_at)
            for row in CalendarYear.objects.order_by("-year")]


def missing_year() -> int | None:
    """Return the year whose holidays ought to be loaded by now (待载入年度), None if none is missing.

    This year always; next year from October on, since its notice usually comes in autumn and limits then
    soon run into it.
    """
    today = calendar_for().day_of(clock.now())
    wanted = [today.year, *([today.year + 1] if today.month >= 10 else [])]
    known = set(CalendarYear.objects.filter(year__in=wanted).values_list("year", flat=True))
    return next((year for year in wanted if year not in known), None)


def _calendar(periods: tuple[Periods, ...]) -> WorkingDays:
    off: set[date] = set()
    worked: set[date] = set()
    known = set()
    for year, days_off, days_worked in CalendarYear.objects.values_list("year", "off", "worked"):
        known.add(year)
        off.update(days_off)
        worked.update(days_worked)
    return WorkingDays(settings.TIME_ZONE, frozenset(known), frozenset(off), frozenset(worked), periods)


def _periods(area_code: str, rows: Iterable[WorkingPeriods]) -> tuple[Periods, ...]:
    by_area: dict[str, dict[date, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if area_code.startswith(row.area_code):
            by_area[row.area_code][row.valid_from].append((row.starts, row.ends))
    nearest = by_area[max(by_area, key=len)] if by_area else {}
    return tuple(Periods(valid_from, tuple(spans)) for valid_from, spans in sorted(nearest.items()))
