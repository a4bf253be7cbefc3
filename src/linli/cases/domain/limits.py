"""How long a case may take (处置时限): the limit belongs to the filing condition, its end to the calendar."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final

from linli.calendar.domain import running
from linli.calendar.domain.days import WorkingDays
from linli.calendar.domain.units import LimitUnit

NEAR_SHARE: Final = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: 2 紧急工作时, 5 工作日."""

    amount: int
    unit: LimitUnit


@dataclass(frozen=True, slots=True)
class Clock:
    """The running limit of one case (案件时钟).

    Args:
        started_at: when it began: at the filing, or at the reopening.
        limit: one original limit. times: how many of them are granted, 1 + extensions.
        paused_at, resumed_at: the suspension, both None = never; `resumed_at` may lie ahead.
    """

    started_at: datetime
    limit: Limit
    times: int = 1
    paused_at: datetime | None = None
    resumed_at: datetime | None = None

    def at(self, share: Fraction | int, days: WorkingDays) -> datetime | None:
        """Return when `share` of what is granted is used up, None if it runs into a year not loaded."""
        amount, unit = self.limit.amount * self.times * Fraction(share), self.limit.unit
        whole = running.add(self.started_at, amount, unit, days)
        if self.paused_at is None or self.resumed_at is None or self.resumed_at <= self.started_at:
            return whole
        if whole is not None and whole <= self.paused_at:
            return whole
        before = running.between(self.started_at, self.paused_at, unit, days)
        return None if before is None else running.add(self.resumed_at, amount - before, unit, days)

    def used(self, now: datetime, days: WorkingDays) -> Fraction | None:
        """Return how much of what is granted is used at `now`, as a share; None if it cannot be told."""
        parts = [running.between(self.started_at, now, self.limit.unit, days)]
        if self.paused_at is not None and self.resumed_at is not None and self.resumed_at > self.started_at:
            parts = [running.between(self.started_at, min(now, self.paused_at), self.limit.unit, days),
                     running.between(self.resumed_at, now, self.limit.unit, days)]
        known = [part for part in parts if part is not None]
        return sum(known, Fraction(0)) / (self.limit.amount * self.times) if len(known) == len(parts) else None


class Standing(StrEnum):
    """How a case stands against its limit (时限状态). Unknown is never on time."""

    NO_LIMIT = "no_limit"  # not filed, so no limit yet
    UNKNOWN = "unknown"  # limited, but its end cannot be computed
    SUSPENDED = "suspended"  # 挂账, the clock rests
    RUNNING = "running"
    NEAR = "near"  # past 80 %
    LATE = "late"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"


def standing(*, started_at: datetime | None, near_at: datetime | None, due_at: datetime | None,
             done_at: datetime | None, now: datetime, suspended: bool = False) -> Standing:
    """Return how a case stands against its limit.

    Args:
        started_at: when the limit began, None = no limit yet.
        near_at, due_at: when 80 % and all of it are used, None = not computable.
        done_at: when the unit was last done, None = still at it.
        suspended: the clock rests now; what was late before stays late.
    """
    if started_at is None:
        return Standing.NO_LIMIT
    if due_at is None or near_at is None:
        return Standing.SUSPENDED if suspended else Standing.UNKNOWN
    if done_at is not None:
        return Standing.DONE_IN_TIME if done_at <= due_at else Standing.DONE_LATE
    if now > due_at:
        return Standing.LATE
    if suspended:
        return Standing.SUSPENDED
    return Standing.NEAR if now >= near_at else Standing.RUNNING
