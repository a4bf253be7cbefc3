"""The parts a message falls into (消息成分): readings, the sender's numbers, and refusals."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from linli.sensing.domain.refusal import Refusal

EARLIEST_S: Final = 946_684_800.0  # 2000-01-01
AHEAD_S: Final = 300.0
ARRIVAL_TIME: Final = 1  # flag of a reading that came without ts
DETAIL_CHARS: Final = 200


class Reading(NamedTuple):
    """One value of one datastream; `at_us` microseconds since 1970."""

    slot: int
    at_us: int
    value: float
    flags: int


class Refused(NamedTuple):
    """One part that was not taken, and what about it."""

    reason: Refusal
    detail: str


class Number(NamedTuple):
    """The sender's count of its message, within its session."""

    session: str
    n: int


@dataclass(slots=True)
class Parts:
    """What one message came to.

    Attributes:
        asked_us: when it is read once more, 0 at its arrival: what lay ahead of a wrong clock may have come since.
    """

    asked_us: int = 0
    readings: list[Reading] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, reason: Refusal, detail: object = "") -> None:
        """Note a part that is not taken."""
        self.refused.append(Refused(reason, brief(detail)))


def number_of(metric: str, value: Any, parts: Parts) -> float | None:
    """Return a metric's value as a number, true as 1; None if it is none, which is then noted."""
    if not isinstance(value, (int, float)):
        parts.refuse(Refusal.NOT_A_NUMBER, {metric: value})
        return None
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isfinite(number):
        return number
    parts.refuse(Refusal.NOT_FINITE, metric)
    return None


def moment_of(ts: Any, arrived_us: int, parts: Parts) -> tuple[int, int] | None:
    """Return microseconds since 1970 and flags of a `ts`; None if it cannot be, which is then noted (时间戳).

    Args:
        ts: epoch seconds, or ISO text that carries its offset: a wall clock without one may be hours off.
    """
    seconds = _epoch_seconds(ts)
    if seconds is None:
        parts.refuse(Refusal.BAD_TIME, ts)
    elif seconds < EARLIEST_S:
        parts.refuse(Refusal.TOO_OLD, ts)
    elif seconds > max(arrived_us, parts.asked_us) / 1e6 + AHEAD_S:
        parts.refuse(Refusal.IN_FUTURE, ts)
    else:
        return round(seconds * 1e6), 0
    return None


def _epoch_seconds(ts: Any) -> float | None:
    try:
        if isinstance(ts, str):
            moment = datetime.fromisoformat(ts)
            return moment.timestamp() if moment.tzinfo else None
        if isinstance(ts, bool) or not isinstance(ts, (int, float)) or math.isnan(ts):
            return None
        return float(ts)
    except (ValueError, OverflowError):
        return None


def is_storable(text: str) -> bool:
    """Return whether the database takes this text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def brief(detail: object) -> str:
    """Return a short, storable text for whatever was found (摘要)."""
    text = detail if isinstance(detail, str) else str(detail)
    return "".join(_storable_chars(text[:DETAIL_CHARS]))


def _storable_chars(text: str) -> Iterator[str]:
    return (char if is_storable(char) else "\ufffd" for char in text)
