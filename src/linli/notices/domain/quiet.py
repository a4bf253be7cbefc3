"""Quiet hours (免打扰时段): what is not urgent waits for their end."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Quiet:
    """A daily span in local time, often across midnight; equal ends = none."""

    start: time
    end: time

    def covers(self, at: time) -> bool:
        """Return whether the span holds this local time; its end is outside."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


NIGHT: Final = Quiet(time(22), time(7))
NEVER: Final = Quiet(time(0), time(0))


def release_at(now: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime | None:
    """Return when a notice of `now` may go out, None = at once (暂缓至).

    Args:
        now: aware.
    Returns: the first moment, UTC, at which the local clock shows the end of quiet hours. Where clocks are put
        forward over that very time, the moment after the gap.
    """
    local = now.astimezone(zone)
    if not quiet.covers(local.time()):
        return None
    day = local.date() if local.time() < quiet.end else local.date() + timedelta(days=1)
    return datetime.combine(day, quiet.end, zone).astimezone(UTC)
