"""Threshold rules over whole batches (批量阈值判定): the compiled twin of `threshold.step`, equal to it by test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from linli.sensing.domain.threshold import LEVELS, NEVER, NOT_PENDING, State, Threshold, microseconds

NO_RULE: Final = -1
NO_BIT: Final = -1

Int64s = NDArray[np.int64]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of many rules as columns, shape (rules, 4); a level without mark can never be crossed.

    Values are multiplied by the rule's sign, so that "beyond" is "greater" everywhere. `sign`, `least`,
    `greatest`, `bit` and the gaps have shape (rules,).
    """

    sign: Float64s
    least: Float64s
    greatest: Float64s
    bit: Int64s
    enter_gap_us: Int64s
    leave_gap_us: Int64s
    enter: Float64s
    leave: Float64s
    enter_hold_us: Int64s
    leave_hold_us: Int64s
    over_base: NDArray[np.bool_]

    @classmethod
    def of(cls, rules: Sequence[Threshold]) -> "Marks":
        """Return the columns for `rules`, in their order."""
        count, shape = len(rules), (len(rules), LEVELS)
        marks = cls(
            np.array([rule.sign for rule in rules], np.float64), np.array([rule.least for rule in rules], np.float64),
            np.array([rule.greatest for rule in rules], np.float64),
            np.array([NO_BIT if rule.bit is None else rule.bit for rule in rules], np.int64),
            np.array([microseconds(rule.enter_gap_s) for rule in rules], np.int64),
            np.array([microseconds(rule.leave_gap_s) for rule in rules], np.int64),
            np.full(shape, np.inf), np.full(shape, -np.inf), np.zeros(shape, np.int64), np.zeros(shape, np.int64),
            np.zeros(shape, np.bool_),
        )  # fmt: skip
        for row in range(count):
            for mark in rules[row].marks:
                at = row, mark.level - 1
                marks.enter[at], marks.leave[at] = rules[row].sign * mark.enter, rules[row].sign * mark.leave
                marks.enter_hold_us[at] = microseconds(mark.enter_hold_s)
                marks.leave_hold_us[at] = microseconds(mark.leave_hold_s)
                marks.over_base[at] = mark.over_base
        return marks


@dataclass(slots=True)
class Streams:
    """What is remembered of every datastream, by slot: newest time, rule, and the rule's state (数据流状态).

    Attributes:
        last_us: microseconds since 1970 of the newest reading; NEVER = none yet.
        rule: row in `Marks`, NO_RULE = none.
        base: the base-line that marks may be counted from; NaN = not known.
        on, pending: as in `threshold.State`.
        changed: the state of this slot differs from what was last stored.
    """

    size: int
    last_us: Int64s = field(init=False)
    rule: NDArray[np.int32] = field(init=False)
    base: Float64s = field(init=False)
    on: NDArray[np.int16] = field(init=False)
    pending: Int64s = field(init=False)
    changed: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.last_us = np.full(self.size, NEVER, np.int64)
        self.rule = np.full(self.size, NO_RULE, np.int32)
        self.base = np.full(self.size, np.nan)
        self.on = np.zeros(self.size, np.int16)
        self.pending = np.full((self.size, LEVELS), NOT_PENDING, np.int64)
        self.changed = np.zeros(self.size, np.bool_)

    def state(self, slot: int) -> State:
        """Return one slot's state as the plain value."""
        return State(int(self.on[slot]), tuple(int(since) for since in self.pending[slot]))

    def put(self, slot: int, state: State) -> None:
        """Set one slot's state from the plain value."""
        self.on[slot] = state.on
        self.pending[slot] = state.pending


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a batch came to (批次结果).

    Attributes:
        newer: shape (n,); the reading was newer than all before it in its datastream, so it was evaluated.
        rows: shape (k,); the readings, in order, at which an overall level changed.
        level_from, level_to: shape (k,).
    """

    newer: NDArray[np.bool_]
    rows: Int64s
    level_from: NDArray[np.int16]
    level_to: NDArray[np.int16]


def evaluate(streams: Streams, marks: Marks, slots: Int64s, at_us: Int64s, values: Float64s) -> Verdict:
    """Take a batch in arrival order into `streams` and return what changed (批量判定).

    A reading is evaluated only if it is newer than every earlier one of its datastream; NaN is no
    reading. The outcome does not depend on how a sequence is cut into batches.

    Args:
        slots, at_us, values: shape (n,); slot numbers, microseconds since 1970, values.
    """
    count = len(slots)
    newer = np.zeros(count, np.bool_)
    rows = np.empty(count, np.int64)
    level_from, level_to = np.empty(count, np.int16), np.empty(count, np.int16)
    found = _scan(
        slots, at_us, values, streams.last_us, streams.rule, streams.base, streams.on, streams.pending,
        streams.changed, marks.sign, marks.least, marks.greatest, marks.bit, marks.enter_gap_us, marks.leave_gap_us,
        marks.enter, marks.leave, marks.enter_hold_us, marks.leave_hold_us, marks.over_base,
        newer, rows, level_from, level_to,
    )  # fmt: skip
    return Verdict(newer, rows[:found], level_from[:found], level_to[:found])


def _judge_plain(
    slot: int, rule: int, now: int, before: int, value: float, base: float, on: int, pending: Any, changed: Any,
    enter_gap_us: Any, leave_gap_us: Any, enter: Any, leave: Any, enter_hold_us: Any, leave_hold_us: Any,
    over_base: Any,
) -> int:  # fmt: skip
    enters_anew = before == NEVER or now - before > enter_gap_us[rule]
    leaves_anew = before == NEVER or now - before > leave_gap_us[rule]
    for k in range(LEVELS):
        above = base if over_base[rule, k] else 0.0
        if (on >> k) & 1:
            crossed, hold, anew = value < leave[rule, k] + above, leave_hold_us[rule, k], leaves_anew
        else:
            crossed, hold, anew = value >= enter[rule, k] + above, enter_hold_us[rule, k], enters_anew
        since = pending[slot, k]
        held = since
        if not crossed:
            held = NOT_PENDING
        elif since == NOT_PENDING or anew:
            held = now
        if crossed and now - held >= hold:
            on ^= 1 << k
            held = NOT_PENDING
            changed[slot] = True
        if held != since:
            pending[slot, k] = held
            changed[slot] = True
    return on


def _forget_plain(slot: int, pending: Any, changed: Any) -> None:
    for k in range(LEVELS):
        if pending[slot, k] != NOT_PENDING:
            pending[slot, k] = NOT_PENDING
            changed[slot] = True


def _top_plain(on: int) -> int:
    top = 0
    for k in range(LEVELS):
        if (on >> k) & 1:
            top = k + 1
    return top


_judge: Callable[..., int] = njit(cache=True, inline="always")(_judge_plain)
_forget: Callable[..., None] = njit(cache=True, inline="always")(_forget_plain)
_top: Callable[[int], int] = njit(cache=True)(_top_plain)


def _scan_plain(
    slots: Any, at_us: Any, values: Any, last_us: Any, rule_of: Any, base_of: Any, on_of: Any, pending: Any,
    changed: Any, sign: Any, least: Any, greatest: Any, bit: Any, enter_gap_us: Any, leave_gap_us: Any,
    enter: Any, leave: Any, enter_hold_us: Any, leave_hold_us: Any, over_base: Any,
    newer: Any, rows: Any, level_from: Any, level_to: Any,
) -> int:  # fmt: skip
    found = 0
    for i in range(len(slots)):
        slot, value, before_us = slots[i], values[i], last_us[slots[i]]
        if at_us[i] <= before_us or np.isnan(value):
            continue
        newer[i] = True
        last_us[slot] = at_us[i]
        rule = rule_of[slot]
        if rule < 0:
            continue
        if value < least[rule] or value > greatest[rule]:
            _forget(slot, pending, changed)
            continue
        if bit[rule] >= 0:
            value = float((int(value) >> bit[rule]) & 1)
        before = on_of[slot]
        after = _judge(slot, rule, at_us[i], before_us, sign[rule] * value, sign[rule] * base_of[slot], before,
                       pending, changed, enter_gap_us, leave_gap_us, enter, leave, enter_hold_us, leave_hold_us,
                       over_base)  # fmt: skip
        if after == before:
            continue
        on_of[slot] = after
        if _top(before) != _top(after):
            rows[found], level_from[found], level_to[found] = i, _top(before), _top(after)
            found += 1
    return found


_scan: Callable[..., int] = njit(cache=True)(_scan_plain)
