"""Which stretch of time a page shows (时间段)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Self

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from linli.kernel.errors import Invalid

SPANS: Final = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "90d": timedelta(days=90)}
LONGEST: Final = timedelta(days=3660)
YEARS: Final = range(1990, 2200)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with the name of its choice; `until` is exclusive."""

    name: str
    start: datetime
    until: datetime

    @classmethod
    def of(cls, given: Mapping[str, str], *, now: datetime) -> Self:
        """Return the stretch that an address asks for, the last 24 hours if it asks for none.

        Raises: Invalid if it names no moments, ends before it begins, or is longer than ten years.
        """
        name = given.get("span", "24h")
        if name in SPANS:
            return cls(name, now - SPANS[name], now)
        start = _moment(given.get("from", ""), field="from")
        until = _moment(given.get("to", ""), field="to", whole_day=True)
        if not start < until <= start + LONGEST:
            raise Invalid("sensing.bad_span", "The end must lie after the beginning, ten years at most.", field="to")
        return cls("custom", start, until)

    @property
    def as_query(self) -> str:
        """Return it as it stands in an address."""
        if self.name in SPANS:
            return f"span={self.name}"
        return f"span=custom&from={self.first:%Y-%m-%dT%H:%M}&to={self.last:%Y-%m-%dT%H:%M}"

    @property
    def first(self) -> datetime:
        """Return the beginning in the reader's time zone."""
        return timezone.localtime(self.start)

    @property
    def last(self) -> datetime:
        """Return the end in the reader's time zone."""
        return timezone.localtime(self.until)


def _moment(text: str, *, field: str, whole_day: bool = False) -> datetime:
    """Return the moment that `text` names in local time; a day's end for a bare date that closes the stretch."""
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError:
        day = moment = None
    if day is not None and day.year in YEARS:
        moment = datetime.combine(day + timedelta(days=1) if whole_day else day, time.min)
    if moment is None or moment.year not in YEARS:
        raise Invalid("sensing.bad_moment", "Please give a day or a moment.", field=field)
    return moment if moment.utcoffset() is not None else timezone.make_aware(moment)
