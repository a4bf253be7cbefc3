"""Metrics that only count up (累计量): what was counted, though the counter wraps or begins anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linli.kernel.errors import Invalid

WRAP_SHARE: Final = 0.1  # a step over the wrap that is longer than this share of the whole is no step


@dataclass(frozen=True, slots=True)
class Drop:
    """A reading that is less than the one before it (计数回落)."""

    at: datetime
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Counted:
    """What a counter counted over a stretch of time (累计结果).

    Attributes:
        total: what was counted at least: what came between the last reading and a restart is not known.
        wraps: how often it passed its greatest number.
        restarts: when it was seen to have begun from 0 again.
    """

    total: float
    wraps: int
    restarts: tuple[datetime, ...]


def counted(rises: float, drops: Iterable[Drop], wraps_at: float) -> Counted:
    """Return what was counted (累计): a drop near the greatest number is a wrap, any other a restart from 0.

    Args:
        rises: the sum of all steps upward.
        wraps_at: one more than the greatest number.
    """
    total, wraps, restarts = rises, 0, []
    for drop in drops:
        step = wraps_at - drop.before + drop.after
        if step <= WRAP_SHARE * wraps_at:
            total += step
            wraps += 1
        else:
            total += drop.after
            restarts.append(drop.at)
    return Counted(total, wraps, tuple(restarts))


def check_wrap(wraps_at: float | None) -> None:
    """Refuse a counter that could not count (计数上限)."""
    if wraps_at is not None and not (wraps_at >= 2 and float(wraps_at).is_integer()):
        raise Invalid("sensing.bad_counter", "A counter wraps at a whole number from 2 on.", field="wraps_at")
