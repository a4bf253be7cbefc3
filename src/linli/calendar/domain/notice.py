"""One year's holiday notice (节假日安排通知) as rows of a file, and what can be wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from linli.kernel.errors import Invalid

YEARS: Final = range(1949, 2201)
HOLIDAY_AT_MOST: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday (节日) from its first to its last day, weekends between them included."""

    name_zh: str
    name_en: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Notice:
    """The holidays of one year and the weekend days made up for (放假与调休)."""

    year: int
    holidays: tuple[Holiday, ...]
    worked: tuple[date, ...]
    scheme: str
    version: str
    source: str
    verified: bool

    @property
    def off(self) -> list[date]:
        """Return the weekdays on which nobody works, in order."""
        days = {one.first + timedelta(days=n) for one in self.holidays for n in range((one.last - one.first).days + 1)}
        return sorted(day for day in days if day.weekday() < 5)


def parse(rows: object) -> list[Notice]:
    """Return the notices of a file (解析节假日文件).

    A notice may name days of the December before it, as New Year's holidays do.

    Raises: Invalid, which names row, field and remedy.
    """
    if not isinstance(rows, list) or not rows:
        raise Invalid("calendar.no_rows", "The file must be a list with one entry for each year.", field="file")
    notices = [_notice(number, row) for number, row in enumerate(rows, start=1)]
    years = [notice.year for notice in notices]
    for number, year in enumerate(years, start=1):
        if year in years[:number - 1]:
            raise _wrong(number, "year", f"{year} stands there twice; keep one of them")
    return notices


def _notice(number: int, row: object) -> Notice:
    if not isinstance(row, Mapping):
        raise _wrong(number, "year", "write an entry with year, holidays and worked")
    year = row.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or year not in YEARS:
        raise _wrong(number, "year", f"write a year from {YEARS[0]} to {YEARS[-1]}, such as 2027")
    holidays = tuple(_holiday(number, year, one) for one in _list(number, row, "holidays"))
    worked = tuple(_day(number, "worked", year, day) for day in _list(number, row, "worked"))
    if not holidays:
        raise _wrong(number, "holidays", "a year without any holiday cannot be right; copy them from the notice")
    off = {one.first + timedelta(days=n) for one in holidays for n in range((one.last - one.first).days + 1)}
    for day in worked:
        if day.weekday() < 5:
            raise _wrong(number, "worked", f"{day} is no Saturday or Sunday; only weekend days are made up for")
        if day in off:
            raise _wrong(number, "worked", f"{day} is a holiday in the same entry; take it out of one of the two")
    words = {name: _words(number, row, name) for name in ("scheme", "version", "source")}
    if not isinstance(row.get("verified"), bool):
        raise _wrong(number, "verified", "write true once somebody compared it with the notice, else false")
    return Notice(year, holidays, tuple(sorted(set(worked))), **words, verified=row["verified"])


def _holiday(number: int, year: int, one: object) -> Holiday:
    if not isinstance(one, Mapping):
        raise _wrong(number, "holidays", "write each holiday with name_zh, name_en, from and to")
    first, last = (_day(number, f"holidays.{name}", year, one.get(name)) for name in ("from", "to"))
    if not first <= last <= first + HOLIDAY_AT_MOST:
        raise _wrong(number, "holidays.to", f"{last} must lie on or after {first}, at most a month later")
    name_zh, name_en = (_words(number, one, name, "holidays.") for name in ("name_zh", "name_en"))
    return Holiday(name_zh, name_en, first, last)


def _day(number: int, name: str, year: int, raw: object) -> date:
    try:
        day = date.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        raise _wrong(number, name, f"write a day as {year}-01-31") from None
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise _wrong(number, name, f"{day} belongs neither to {year} nor to the December before it")
    return day


def _list(number: int, row: Mapping[str, object], name: str) -> list[object]:
    found = row.get(name)
    if not isinstance(found, list):
        raise _wrong(number, name, "write a list, [] if there is none")
    return found


def _words(number: int, row: Mapping[str, object], name: str, inside: str = "") -> str:
    found = row.get(name)
    if not isinstance(found, str) or not 0 < len(found.strip()) <= 200:
        raise _wrong(number, f"{inside}{name}", "write 1 to 200 characters")
    return found.strip()


def _wrong(number: int, name: str, remedy: str) -> Invalid:
    return Invalid("calendar.row", "Entry {row}, {field}: {remedy}.", field=name, row=number, remedy=remedy)
