"""What this room announces (日历事件)."""

from dataclasses import dataclass

from linli.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(Event):
    """Years were loaded or changed (日历变更): what ends by the calendar may end at another moment."""

    first_year: int
