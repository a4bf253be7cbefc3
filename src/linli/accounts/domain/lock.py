"""When failed sign-ins are too many (登录锁定)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `failures` within `window`; the next try waits until the oldest of them is older than that."""

    failures: int
    window: timedelta


BUSY: Final = timedelta(seconds=3)  # while another try under the same key is under way
WINDOW: Final = timedelta(minutes=15)
BY_NAME: Final = Limit(5, WINDOW)  # domain.md §6: 5 failures in 15 minutes
BY_BROWSER: Final = Limit(5, WINDOW)
BY_ADDRESS: Final = Limit(60, WINDOW)  # an office behind one address: twelve people may each forget their password


def wait(failed_at: Sequence[datetime], now: datetime, limit: Limit) -> timedelta:
    """Return how long the next try must wait (须等待时长); zero if it may be made now.

    Args:
        failed_at: moments of failures under one key, in any order. A try that was made to wait is not among them,
            so nobody can prolong a lock by knocking.
    """
    counted = sorted((at for at in failed_at if at > now - limit.window), reverse=True)
    if len(counted) < limit.failures:
        return timedelta(0)
    return counted[limit.failures - 1] + limit.window - now
