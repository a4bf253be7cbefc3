"""Working days and their periods (工作日与工作时段): a year that is not loaded is unknown, never ordinary."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Periods:
    """The working periods of a day from `valid_from` on (工作时段), in local time, in order, not touching."""

    valid_from: date
    spans: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A calendar of working days (工作日历).

    Args:
        zone: IANA name of the local time, such as Asia/Shanghai.
        years: those whose holidays are loaded; nothing is known of a day in any other.
        off: weekdays on which nobody works (放假). worked: weekend days made up for (调休上班).
        periods: oldest first; of those that have begun the newest holds.
    """

    zone: str
    years: frozenset[int]
    off: frozenset[date]
    worked: frozenset[date]
    periods: tuple[Periods, ...]
    _spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, compare=False, repr=False)

    def is_working(self, day: date) -> bool | None:
        """Return whether `day` is a working day (是否工作日), None if its year is not loaded."""
        if day.year not in self.years:
            return None
        return day in self.worked if day.weekday() >= 5 else day not in self.off

    def spans(self, day: date) -> tuple[Span, ...] | None:
        """Return the working periods of a day as moments in UTC, () on a day off, None if it is unknown."""
        if day not in self._spans:
            if (works := self.is_working(day)) is None:
                return None
            self._spans[day] = self._moments(day) if works else ()
        return self._spans[day]

    def day_of(self, moment: datetime) -> date:
        """Return the local day of a moment."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def start_of(self, day: date) -> datetime:
        """Return the moment at which a local day begins, in UTC."""
        return self._moment(day, time())

    def _moments(self, day: date) -> tuple[Span, ...]:
        in_force = [periods for periods in self.periods if periods.valid_from <= day]
        return tuple((self._moment(day, start), self._moment(day, end)) for start, end in
                     (in_force[-1].spans if in_force else ()))

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)
