"""Threshold rules (阈值规则): marks with hysteresis and hold times that turn readings into warning levels."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linli.kernel.errors import Invalid
from linli.kernel.level import Level

LEVELS: Final = 4
NOT_PENDING: Final = -(2**63)
LONGEST_HOLD_S: Final = 30 * 86400
NUMBERS: Final = ("enter", "leave", "enter_hold_s", "leave_hold_s")


class Direction(StrEnum):
    """On which side of its marks a value is too far."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """When one level is entered and left (判级界限).

    Entered at `enter` or beyond, left only once back behind `leave`; either must last its hold,
    counted from reading to reading by their own times.
    """

    level: Level
    enter: float
    leave: float
    enter_hold_s: float = 0.0
    leave_hold_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """A whole rule (阈值规则): one to four marks, mildest level first."""

    direction: Direction
    marks: tuple[Mark, ...]

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


def step(rule: Threshold, state: State, at_us: int, value: float) -> State:
    """Return the state after one reading (逐条判定).

    Unknown is not safe: NaN leaves everything as it was, and time without readings changes nothing.

    Args:
        at_us: microseconds since 1970, later than the reading before; the caller sees to it.
    """
    if math.isnan(value):
        return state
    on, pending = state.on, list(state.pending)
    for mark in rule.marks:
        bit = 1 << (mark.level - 1)
        is_on = bool(on & bit)
        crossed = rule.sign * value < rule.sign * mark.leave if is_on else rule.sign * value >= rule.sign * mark.enter
        hold_s = mark.leave_hold_s if is_on else mark.enter_hold_s
        since = pending[mark.level - 1]
        since = at_us if since == NOT_PENDING else since
        if crossed and at_us - since >= microseconds(hold_s):
            on ^= bit
            since = NOT_PENDING
        pending[mark.level - 1] = since if crossed else NOT_PENDING
    return State(on, tuple(pending))


def changes(rule: Threshold, readings: Iterable[tuple[int, float]], state: State | None = None) -> Iterator[Change]:
    """Yield every change of level over a series (级别变化序列), one reading after the other.

    Args:
        readings: (microseconds since 1970, value), oldest first; NaN = no reading.
        state: where to start; by default everything off.
    """
    state = state or State()
    for at_us, value in readings:
        after = step(rule, state, at_us, value)
        if after.level != state.level:
            yield Change(at_us, state.level, after.level, value)
        state = after


def carried_over(state: State, rule: Threshold) -> State:
    """Return what remains of a state under changed marks: levels still marked stay on, holds begin anew."""
    kept = sum(1 << (mark.level - 1) for mark in rule.marks)
    return State(state.on & kept)


def microseconds(seconds: float) -> int:
    """Return whole microseconds, rounded."""
    return round(seconds * 1_000_000)


def parse(definition: object) -> Threshold:
    """Return the rule written as a JSON object, or say what is wrong with it (解析规则).

    Example: `{"kind": "threshold", "direction": "above", "levels": [{"level": "yellow", "enter": 10, "leave": 8,
    "enter_hold_s": 30, "leave_hold_s": 60}]}`

    Raises: Invalid.
    """
    if not isinstance(definition, Mapping) or definition.get("kind") != "threshold":
        raise _invalid("a threshold rule is an object of kind \"threshold\"")
    if definition.get("direction") not in list(Direction):
        raise _invalid("direction must be above or below")
    levels = definition.get("levels")
    if not isinstance(levels, list) or not 1 <= len(levels) <= LEVELS:
        raise _invalid("levels must be a list of one to four marks")
    direction = Direction(definition["direction"])
    rule = Threshold(direction, tuple(sorted((_mark(entry) for entry in levels), key=lambda mark: mark.level)))
    _check_order(rule)
    return rule


def _mark(entry: object) -> Mark:
    words = {level.word: level for level in Level if level}
    if not isinstance(entry, Mapping) or entry.get("level") not in words:
        raise _invalid("each mark names its level: blue, yellow, orange or red")
    numbers: dict[str, float] = {}
    for name in NUMBERS:
        number = entry.get(name, 0.0 if name.endswith("_s") else None)
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
            raise _invalid(f"{name} must be a number")
        numbers[name] = float(number)
    if not all(0 <= numbers[name] <= LONGEST_HOLD_S for name in ("enter_hold_s", "leave_hold_s")):
        raise _invalid("a hold lasts between 0 seconds and 30 days")
    return Mark(level=words[entry["level"]], **numbers)


def _check_order(rule: Threshold) -> None:
    for mark in rule.marks:
        if rule.sign * mark.leave >= rule.sign * mark.enter:
            raise _invalid("leave must lie on the safe side of enter")
    for milder, graver in itertools.pairwise(rule.marks):
        if milder.level == graver.level:
            raise _invalid("a level may be named once")
        if rule.sign * graver.enter < rule.sign * milder.enter:
            raise _invalid("a graver level may not be entered before a milder one")


def _invalid(problem: str) -> Invalid:
    return Invalid("sensing.bad_rule", "This rule cannot be used: {problem}.", field="definition", problem=problem)
