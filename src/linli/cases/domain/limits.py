"""How long a case may take (处置时限): the limit belongs to the filing condition, and each unit runs its own way.

Source: GB/T 30428.8 practice: 紧急工作时 and 紧急工作日 run in natural time, 24 × 7; 工作时 and 工作日 run only
in working periods.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class LimitUnit(StrEnum):
    """In what a limit is counted (时限单位)."""

    EMERGENCY_HOUR = "emergency_hour"  # 紧急工作时
    EMERGENCY_DAY = "emergency_day"  # 紧急工作日
    WORKING_HOUR = "working_hour"  # 工作时
    WORKING_DAY = "working_day"  # 工作日


NATURAL_TIME: Final = {LimitUnit.EMERGENCY_HOUR: timedelta(hours=1), LimitUnit.EMERGENCY_DAY: timedelta(days=1)}
NEAR_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: 2 紧急工作时, 5 工作日."""

    amount: int
    unit: LimitUnit

    def due_at(self, start: datetime) -> datetime | None:
        """Return when it ends, None where only a calendar of working periods could tell."""
        step = NATURAL_TIME.get(self.unit)
        return start + self.amount * step if step else None


class Standing(StrEnum):
    """How a case stands against its limit (时限状态). Unknown is never on time."""

    NO_LIMIT = "no_limit"  # not filed, so no limit yet
    UNKNOWN = "unknown"  # limited, but its end cannot be computed
    RUNNING = "running"
    NEAR = "near"  # past 80 %
    LATE = "late"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"


def standing(*, started_at: datetime | None, due_at: datetime | None, done_at: datetime | None,
             now: datetime) -> Standing:
    """Return how a case stands against its limit.

    Args:
        started_at: when the limit began (filed), None = no limit yet.
        due_at: when it ends, None = not computable.
        done_at: when the unit was last done, None = still at it.
    """
    if started_at is None:
        return Standing.NO_LIMIT
    if due_at is None:
        return Standing.UNKNOWN
    if done_at is not None:
        return Standing.DONE_IN_TIME if done_at <= due_at else Standing.DONE_LATE
    if now > due_at:
        return Standing.LATE
    return Standing.NEAR if now >= started_at + NEAR_SHARE * (due_at - started_at) else Standing.RUNNING
