"""How a clock stands (时限): ink, heavy past 80 %, inverted when late."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

NEAR: Final = 0.8


class Standing(StrEnum):
    """How near a case is to its due time."""

    UNSET = "unset"  # no limit yet 尚无时限
    EASY = "easy"
    NEAR = "near"  # past 80 % 将超时
    LATE = "late"  # 超时


@dataclass(frozen=True, slots=True)
class Clock:
    """One reading of a clock: share of the time used (0–1, capped), and seconds left or, when late, over."""

    standing: Standing
    used: float = 0.0
    seconds: float = 0.0


def read(opened_at: datetime, due_at: datetime | None, now: datetime, *, used: float | None = None) -> Clock:
    """Return how the clock stands.

    Args:
        opened_at, due_at, now: aware; no `due_at` means that no limit is set yet.
        used: share of the *working* time used, where the caller knows it; else the share of plain time.
    """
    if due_at is None:
        return Clock(Standing.UNSET)
    left_s = (due_at - now).total_seconds()
    if left_s < 0:
        return Clock(Standing.LATE, 1.0, -left_s)
    whole_s = (due_at - opened_at).total_seconds()
    share = used if used is not None else (1 - left_s / whole_s if whole_s > 0 else 1.0)
    share = min(1.0, max(0.0, share))
    return Clock(Standing.NEAR if share >= NEAR else Standing.EASY, share, left_s)
