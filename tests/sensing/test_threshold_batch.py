import itertools
from math import inf, isnan, nan

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.level import Level
from linli.sensing.domain import rule_text, threshold, threshold_batch
from linli.sensing.domain.threshold import Direction, Mark, State, Threshold
from linli.sensing.domain.threshold_batch import NEVER, Marks, Streams

SLOTS = 3
values = st.one_of(st.sampled_from([nan, 0.0, 4.9, 5.0, 7.5, 10.0, 12.5, 20.0]), st.floats(-30, 30))
holds = st.sampled_from([0.0, 1.0, 2.5, 10.0])
gaps = st.sampled_from([inf, 1.0, 3.0, 8.0])
BASES = (2.5, nan, nan)


@st.composite
def rules(draw):
    direction = draw(st.sampled_from(list(Direction)))
    sign = 1 if direction is Direction.ABOVE else -1
    levels = sorted(draw(st.sets(st.sampled_from(list(Level)[1:]), min_size=1)))
    enters = sorted(draw(st.lists(st.sampled_from([5.0, 7.5, 10.0, 12.5]), min_size=len(levels), max_size=len(levels))))
    bit = draw(st.sampled_from([None, None, 1]))
    least, greatest = (0, 2**53 - 1) if bit is not None else draw(st.sampled_from([(-inf, inf), (-15.0, 15.0)]))
    return Threshold(direction, tuple(
        Mark(level=level, enter=sign * enter, leave=sign * (enter - draw(st.sampled_from([0.1, 2.5, 6.0]))),
             enter_hold_s=draw(holds), leave_hold_s=draw(holds), over_base=draw(st.booleans()))
        for level, enter in zip(levels, enters, strict=True)),
        draw(gaps), draw(gaps), least, greatest, bit)  # fmt: skip


readings = st.lists(st.tuples(st.integers(0, SLOTS - 1), st.integers(0, 30), values), max_size=60)


def streams_with_rules():
    streams = Streams(SLOTS)
    streams.rule[:] = [0, 1, threshold_batch.NO_RULE]
    streams.base[:] = BASES
    return streams


def in_batches(both, arrived, cuts):
    """Take `arrived` in batches cut at `cuts`; return every change and the streams afterwards."""
    streams, marks, seen = streams_with_rules(), Marks.of(both), []
    borders = [0, *sorted({cut % (len(arrived) + 1) for cut in cuts}), len(arrived)]
    for start, end in itertools.pairwise(borders):
        part = arrived[start:end]
        slots = np.array([slot for slot, _, _ in part], np.int64)
        at_us = np.array([at_s * 1_000_000 for _, at_s, _ in part], np.int64)
        verdict = threshold_batch.evaluate(streams, marks, slots, at_us, np.array([v for _, _, v in part], np.float64))
        seen += [(start + int(row), int(old), int(new)) for row, old, new in
                 zip(verdict.rows, verdict.level_from, verdict.level_to, strict=True)]  # fmt: skip
    return seen, streams


def one_by_one(both, arrived):
    """What the plain reference makes of the same readings."""
    states, last, seen = [State()] * SLOTS, [NEVER] * SLOTS, []
    for row, (slot, at_s, value) in enumerate(arrived):
        before_us = last[slot]
        if at_s * 1_000_000 <= before_us or isnan(value):
            continue
        last[slot] = at_s * 1_000_000
        if slot < 2:
            after = threshold.step(both[slot], states[slot], last[slot], value, before_us=before_us, base=BASES[slot])
            if after.level != states[slot].level:
                seen.append((row, states[slot].level, after.level))
            states[slot] = after
    return seen, states, last


@given(both=st.tuples(rules(), rules()), arrived=readings, cuts=st.lists(st.integers(0, 60), max_size=5))
@settings(max_examples=400, deadline=None)
def test_batches_however_cut_equal_the_plain_reference(both, arrived, cuts):
    seen, streams = in_batches(both, arrived, cuts)
    expected, states, last = one_by_one(both, arrived)
    assert seen == expected
    assert [streams.state(slot) for slot in range(SLOTS)] == states
    assert list(streams.last_us) == last


@given(both=st.tuples(rules(), rules()), arrived=readings)
@settings(max_examples=200, deadline=None)
def test_a_slot_is_marked_changed_whenever_its_state_is_not_the_old_one(both, arrived):
    _, streams = in_batches(both, arrived, [])
    for slot in range(SLOTS):
        assert streams.changed[slot] or streams.state(slot) == State()


def test_a_late_reading_is_not_evaluated():
    rule = rule_text.parse({"kind": "threshold", "direction": "above",
                            "levels": [{"level": "red", "enter": 5, "leave": 4}]})  # fmt: skip
    seen, _ = in_batches((rule, rule), [(0, 10, 1.0), (0, 9, 50.0)], [])
    assert seen == []
