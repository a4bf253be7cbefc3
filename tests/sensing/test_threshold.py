from math import nan

import pytest

from linli.kernel.errors import Invalid
from linli.kernel.level import Level
from linli.sensing.domain import threshold
from linli.sensing.domain.threshold import State

TILT = {
    "kind": "threshold",
    "direction": "above",
    "levels": [
        {"level": "yellow", "enter": 10, "leave": 8, "enter_hold_s": 30, "leave_hold_s": 60},
        {"level": "red", "enter": 15, "leave": 12, "enter_hold_s": 30},
    ],
}
SECOND = 1_000_000


def levels_of(definition, *readings):
    rule, state, seen = threshold.parse(definition), State(), []
    for at_s, value in readings:
        state = threshold.step(rule, state, at_s * SECOND, value)
        seen.append(state.level)
    return seen


def test_a_level_is_entered_only_when_its_hold_has_passed():
    assert levels_of(TILT, (0, 11), (29, 11), (30, 11)) == [Level.NONE, Level.NONE, Level.YELLOW]


def test_a_passing_lorry_does_not_raise_a_level():
    assert levels_of(TILT, (0, 40), (2, 0), (31, 40), (32, 0)) == [Level.NONE] * 4


def test_a_value_between_the_marks_keeps_the_level():
    assert levels_of(TILT, (0, 11), (30, 11), (40, 9), (500, 9))[-1] is Level.YELLOW


def test_a_level_is_left_only_when_the_leave_hold_has_passed():
    seen = levels_of(TILT, (0, 11), (30, 11), (40, 3), (99, 3), (100, 3))
    assert seen[-3:] == [Level.YELLOW, Level.YELLOW, Level.NONE]


def test_unknown_is_never_safe():
    seen = levels_of(TILT, (0, 11), (30, 11), (40, nan), (4000, nan))
    assert seen[-2:] == [Level.YELLOW, Level.YELLOW]


def test_a_missing_reading_does_not_break_a_hold():
    assert levels_of(TILT, (0, 11), (15, nan), (30, 11))[-1] is Level.YELLOW


def test_a_graver_level_has_its_own_hold():
    assert levels_of(TILT, (0, 11), (20, 20), (30, 20), (50, 20)) == [
        Level.NONE, Level.NONE, Level.YELLOW, Level.RED]  # fmt: skip


def test_below_mirrors_above():
    low = {"kind": "threshold", "direction": "below",
           "levels": [{"level": "blue", "enter": 1.0, "leave": 1.5}, {"level": "orange", "enter": 0.5, "leave": 0.8}]}
    seen = levels_of(low, (0, 2.0), (1, 1.0), (2, 0.4), (3, 0.7), (4, 0.9), (5, 1.4), (6, 1.5), (7, 1.6))
    assert seen == [Level.NONE, Level.BLUE, Level.ORANGE, Level.ORANGE, Level.BLUE, Level.BLUE, Level.BLUE, Level.NONE]


def test_changed_marks_keep_the_levels_they_still_name():
    state = State(on=0b1010, pending=(1, 2, 3, 4))
    only_red = threshold.parse({**TILT, "levels": TILT["levels"][1:]})
    assert threshold.carried_over(state, only_red) == State(on=0b1000)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {"kind": "spell"},
        {**TILT, "direction": "sideways"},
        {**TILT, "levels": []},
        {**TILT, "levels": [{"level": "green", "enter": 2, "leave": 1}]},
        {**TILT, "levels": [{"level": "red", "enter": 2, "leave": 2}]},
        {**TILT, "levels": [{"level": "red", "enter": True, "leave": 0}]},
        {**TILT, "levels": [{"level": "red", "enter": nan, "leave": 0}]},
        {**TILT, "levels": [{"level": "red", "enter": 2}]},
        {**TILT, "levels": [{"level": "red", "enter": 2, "leave": 1, "enter_hold_s": -1}]},
        {**TILT, "levels": [{"level": "red", "enter": 2, "leave": 1}] * 2},
        {**TILT, "levels": [{"level": "red", "enter": 2, "leave": 1}, {"level": "blue", "enter": 3, "leave": 1}]},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(broken):
    with pytest.raises(Invalid):
        threshold.parse(broken)
