"""What counts up is counted whole, though it wraps or begins anew."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import Invalid
from linli.sensing.domain.counter import Counted, Drop, check_wrap, counted

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
WRAP = 65_536


def of(readings: list[float], wraps_at: float = WRAP) -> Counted:
    steps = list(itertools.pairwise(readings))
    return counted(sum(b - a for a, b in steps if b >= a),
                   [Drop(NOON + timedelta(minutes=n), a, b) for n, (a, b) in enumerate(steps) if b < a], wraps_at)


def test_a_wrap_is_counted_over_and_a_restart_from_zero():
    assert of([65_530, 65_534, 3]) == Counted(4 + 5, 1, ())
    assert of([40_000, 40_010, 0, 7]) == Counted(10 + 7, 0, (NOON + timedelta(minutes=1),))
    assert of([2.0**32 - 2, 1.0], 2.0**32) == Counted(3, 1, ())
    assert of([5]) == of([]) == Counted(0, 0, ())


@given(st.lists(st.integers(0, WRAP // 10), max_size=60), st.integers(0, WRAP - 1))
def test_whatever_is_counted_in_small_steps_comes_out_whole(steps, start):
    readings, total = [start], start
    for step in steps:
        total += step
        readings.append(total % WRAP)
    found = of(readings)
    assert (found.total, found.restarts) == (total - start, ())
    assert found.wraps == total // WRAP


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20), st.integers(2000, 50_000))
def test_a_restart_loses_nothing_that_was_seen(steps, start):
    before = [start]
    after = [0]
    for step in steps:
        before.append(before[-1] + step)
        after.append(after[-1] + step)
    if before[-1] < 0.9 * WRAP:
        assert of(before + after).total == 2 * sum(steps)


@pytest.mark.parametrize("wraps_at", [0, 1, 2.5, -1])
def test_a_counter_that_could_not_count_is_refused(wraps_at):
    with pytest.raises(Invalid):
        check_wrap(wraps_at)
