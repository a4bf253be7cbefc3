"""Threshold rules (阈值规则): marks with hysteresis and hold times that turn readings into warning levels."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linli.kernel.level import Level

LEVELS: Final = 4
NOT_PENDING: Final = -(2**63)
NEVER: Final = -(2**63)
UNLIMITED_US: Final = 2**62
MOST_BITS: Final = 52


class Direction(StrEnum):
    """On which side of its marks a value is too far."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """When one level is entered and left (判级界限).

    Entered at `enter` or beyond, left only once back behind `leave`; either must last its hold,
    counted from reading to reading by their own times. With `over_base` both are counted from the
    datastream's own base-line (基线); while that is not known, the mark can neither be entered nor left.
    """

    level: Level
    enter: float
    leave: float
    enter_hold_s: float = 0.0
    leave_hold_s: float = 0.0
    over_base: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """A whole rule (阈值规则): one to four marks, mildest level first.

    Attributes:
        enter_gap_s, leave_gap_s: the longest time between two readings that still counts as held.
        least, greatest: what can be true; a reading beyond them is unknown.
        bit: which bit of a whole number is judged, as 0 or 1; None = the value itself.
    """

    direction: Direction
    marks: tuple[Mark, ...]
    enter_gap_s: float = math.inf
    leave_gap_s: float = math.inf
    least: float = -math.inf
    greatest: float = math.inf
    bit: int | None = None

    @property
    def sign(self) -> float:
        """Factor that makes "beyond" mean "greater" in either direction."""
        return 1.0 if self.direction is Direction.ABOVE else -1.0


@dataclass(frozen=True, slots=True)
class State:
    """What a rule remembers between readings (规则状态).

    Attributes:
        on: bit `level - 1` is set while that level's own trigger is on.
        pending: shape (4,); microseconds since 1970 at which a crossing began that has not yet lasted its hold.
    """

    on: int = 0
    pending: tuple[int, ...] = (NOT_PENDING,) * LEVELS

    @property
    def level(self) -> Level:
        """The highest level that is on."""
        return Level(self.on.bit_length())


@dataclass(frozen=True, slots=True)
class Change:
    """The overall level changed at this reading (级别变化); `at_us` microseconds since 1970."""

    at_us: int
    level_from: Level
    level_to: Level
    value: float


def step(
    rule: Threshold, state: State, at_us: int, value: float, *, before_us: int = NEVER, base: float = math.nan
) -> State:  # fmt: skip
    """Return the state after one reading (逐条判定).

    Unknown is neither safe nor dangerous: levels stay, and time in which nothing is known does not
    count as held. NaN is no reading and changes nothing; a value that cannot be true, or more than
    the gap since the reading before, lets holds begin anew.

    Args:
        at_us: microseconds since 1970, later than the reading before; the caller sees to it.
        before_us: when the reading before was, NEVER = there was none.
        base: the datastream's base-line, NaN = not known.
    """
    if math.isnan(value):
        return state
    if not rule.least <= value <= rule.greatest:
        return State(state.on)
    judged = value if rule.bit is None else float(int(value) >> rule.bit & 1)
    on, pending = state.on, list(state.pending)
    for mark in rule.marks:
        bit = 1 << (mark.level - 1)
        is_on = bool(on & bit)
        line = (mark.leave if is_on else mark.enter) + (base if mark.over_base else 0.0)
        crossed = rule.sign * judged < rule.sign * line if is_on else rule.sign * judged >= rule.sign * line
        hold_s, gap_s = (mark.leave_hold_s, rule.leave_gap_s) if is_on else (mark.enter_hold_s, rule.enter_gap_s)
        since = pending[mark.level - 1]
        if since == NOT_PENDING or before_us == NEVER or at_us - before_us > microseconds(gap_s):
            since = at_us
        if crossed and at_us - since >= microseconds(hold_s):
            on ^= bit
            since = NOT_PENDING
        pending[mark.level - 1] = since if crossed else NOT_PENDING
    return State(on, tuple(pending))


def changes(
    rule: Threshold, readings: Iterable[tuple[int, float]], state: State | None = None, *, base: float = math.nan
) -> Iterator[Change]:  # fmt: skip
    """Yield every change of level over a series (级别变化序列), one reading after the other.

    Args:
        readings: (microseconds since 1970, value), oldest first; NaN = no reading.
        state: where to start; by default everything off.
    """
    state, before_us = state or State(), NEVER
    for at_us, value in readings:
        after = step(rule, state, at_us, value, before_us=before_us, base=base)
        if after.level != state.level:
            yield Change(at_us, state.level, after.level, value)
        state = after
        before_us = before_us if math.isnan(value) else at_us


def carried_over(state: State, rule: Threshold) -> State:
    """Return what remains of a state under changed marks: levels still marked stay on, holds begin anew."""
    kept = sum(1 << (mark.level - 1) for mark in rule.marks)
    return State(state.on & kept)


def microseconds(seconds: float) -> int:
    """Return whole microseconds, rounded; without limit a number no time between readings reaches."""
    return UNLIMITED_US if math.isinf(seconds) else round(seconds * 1_000_000)
