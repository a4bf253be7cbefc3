"""When a session ends (会话期限)."""

from datetime import datetime, timedelta
from typing import Final

ABSOLUTE: Final = timedelta(hours=12)  # a shift: afterwards one signs in again, however busy one was
NOTED_EVERY: Final = timedelta(minutes=1)


def ends_at(made_at: datetime, seen_at: datetime, idle: timedelta) -> datetime:
    """Return when a session ends: `idle` after it was last used, at the latest twelve hours after it began (到期)."""
    return min(seen_at + idle, made_at + ABSOLUTE)
