from math import isnan, nan

import pytest

from linli.kernel.errors import Invalid
from linli.kernel.level import Level
from linli.sensing.domain import rule_text, threshold
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


def levels_of(definition, *readings, base=nan):
    rule, state, before_us, seen = rule_text.parse(definition), State(), threshold.NEVER, []
    for at_s, value in readings:
        state = threshold.step(rule, state, at_s * SECOND, value, before_us=before_us, base=base)
        before_us = before_us if isnan(value) else at_s * SECOND
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


SHORT_GAPS = {**TILT, "enter_gap_s": 30, "leave_gap_s": 45}


def test_a_gap_in_the_readings_does_not_count_as_held():
    assert levels_of(SHORT_GAPS, (0, 11), (31, 11), (60, 11), (61, 11))[-2:] == [Level.NONE, Level.YELLOW]
    assert levels_of(SHORT_GAPS, (0, 11), (30, 11))[-1] is Level.YELLOW


def test_a_gap_does_not_count_as_safe_either():
    begin = [(0, 11), (30, 11)]
    assert levels_of(SHORT_GAPS, *begin, (40, 3), (86, 3), (131, 3), (146, 3))[-2:] == [Level.YELLOW, Level.NONE]
    assert levels_of(SHORT_GAPS, *begin, (40, 3), (4000, 3))[-1] is Level.YELLOW


def test_a_value_that_cannot_be_true_is_neither_danger_nor_safety_and_holds_begin_anew():
    sane = {**TILT, "range": [0, 90]}
    assert levels_of(sane, (0, 11), (20, 999), (30, 11), (60, 11))[1:] == [Level.NONE, Level.NONE, Level.YELLOW]
    assert levels_of(sane, (0, 11), (30, 11), (40, -40), (200, -40))[-1] is Level.YELLOW


def test_a_bit_of_a_word_is_judged_and_a_broken_word_is_unknown():
    lid = {"kind": "threshold", "direction": "above", "bit": 2, "levels": [{"level": "red", "enter": 1, "leave": 0.5}]}
    assert levels_of(lid, (0, 0b011), (1, 0b100), (2, 0b111), (3, -1), (4, 2.0**60), (5, 0b1000)) == [
        Level.NONE, Level.RED, Level.RED, Level.RED, Level.RED, Level.NONE]  # fmt: skip


RESIDUAL = {"kind": "threshold", "direction": "above", "levels": [
    {"level": "blue", "enter": 200, "leave": 150, "over_base": True}, {"level": "orange", "enter": 300, "leave": 250}]}


def test_a_mark_over_the_base_line_moves_with_the_device():
    assert levels_of(RESIDUAL, (0, 240), (1, 250), (2, 199), base=50) == [Level.NONE, Level.BLUE, Level.NONE]
    assert levels_of(RESIDUAL, (0, 310), (1, 250), (2, 249), base=150) == [Level.ORANGE, Level.ORANGE, Level.NONE]


def test_without_a_base_line_only_the_fixed_marks_speak():
    assert levels_of(RESIDUAL, (0, 299), (1, 300), (2, 100)) == [Level.NONE, Level.ORANGE, Level.NONE]


def test_occupied_for_so_long_is_a_hold_for_each_level():
    lane = {"kind": "threshold", "direction": "above", "enter_gap_s": 180, "levels": [
        {"level": level, "enter": 1, "leave": 0.5, "enter_hold_s": hold_s}
        for level, hold_s in (("blue", 180), ("yellow", 300), ("orange", 900))]}
    minutes = [(60 * minute, 1) for minute in range(17)]
    seen = levels_of(lane, *minutes, (1000, 0))
    assert [seen.index(level) for level in (Level.BLUE, Level.YELLOW, Level.ORANGE)] == [3, 5, 15]
    assert seen[-1] is Level.NONE


def test_changed_marks_keep_the_levels_they_still_name():
    state = State(on=0b1010, pending=(1, 2, 3, 4))
    only_red = rule_text.parse({**TILT, "levels": TILT["levels"][1:]})
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
        {**TILT, "levels": [{"level": "red", "enter": 2, "leave": 1, "over_base": 1}]},
        {**TILT, "levels": [{"level": "red", "enter": 2, "leave": 1, "hold": 1}]},
        {**TILT, "enter_gap": 5},
        {**TILT, "enter_gap_s": 0},
        {**TILT, "leave_gap_s": True},
        {**TILT, "range": [90, 0]},
        {**TILT, "range": [0]},
        {**TILT, "range": [None, 90]},
        {**TILT, "bit": 53},
        {**TILT, "bit": True},
        {**TILT, "bit": 1, "range": [-1, 5]},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(broken):
    with pytest.raises(Invalid):
        rule_text.parse(broken)
