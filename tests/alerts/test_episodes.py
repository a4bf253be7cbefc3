"""Episodes and the cursor: plain values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.alerts.domain.cursor import HOLE_WAIT, Position, advance
from linli.alerts.domain.episode import Crossing, Episode, asks_for_case, follow
from linli.kernel.level import Level

T0 = datetime(2026, 11, 23, tzinfo=UTC)
LEVELS = st.sampled_from(list(Level))


def crossing(level: Level, minute: int = 1) -> Crossing:
    return Crossing(level, float(level), T0 + timedelta(minutes=minute))


def run(levels: list[Level]) -> list[Episode]:
    """Return every episode that these levels make, the last one as it stands."""
    told: list[Episode] = []
    standing = None
    for minute, level in enumerate(levels):
        was = standing
        standing = follow(standing, crossing(level, minute))
        if standing is not None:
            told = [*told[:-1], standing] if was is not None else [*told, standing]
            if standing.cleared_at:
                standing = None
    return told


@given(st.lists(LEVELS, max_size=30))
def test_there_is_one_episode_for_each_stretch_above_no_level(levels):
    stretches = "".join("x" if level else " " for level in levels).split()
    episodes = run(levels)
    assert len(episodes) == len(stretches)
    assert all(episode.cleared_at for episode in episodes[:-1])
    if episodes:
        assert bool(episodes[-1].cleared_at) == (not levels[-1])


@given(st.lists(LEVELS, min_size=1, max_size=30))
def test_the_peak_is_never_below_the_level_and_never_falls(levels):
    standing, peak = None, Level.NONE
    for minute, level in enumerate(levels):
        standing = follow(standing, crossing(level, minute))
        if standing:
            assert standing.peak_level >= max(standing.level, peak)
            assert standing.peak_value == float(standing.peak_level)
            peak = standing.peak_level
            if standing.cleared_at:
                assert standing.level is Level.NONE
                standing, peak = None, Level.NONE


@given(st.lists(LEVELS, max_size=20))
def test_telling_the_same_level_twice_makes_no_other_episode(levels):
    assert len(run([level for level in levels for _ in range(2)])) == len(run(levels))


@pytest.mark.parametrize(("before", "after", "asks"), [
    (None, Level.BLUE, False), (None, Level.ORANGE, True), (Level.BLUE, Level.ORANGE, True),
    (Level.ORANGE, Level.RED, True), (Level.RED, Level.ORANGE, False), (Level.ORANGE, Level.ORANGE, False),
    (Level.ORANGE, Level.NONE, False), (Level.BLUE, Level.YELLOW, False),
])
def test_a_case_is_asked_for_on_the_way_up_only(before, after, asks):
    standing = follow(None, crossing(before)) if before else None
    assert asks_for_case(standing, crossing(after), Level.ORANGE) == asks


def test_a_rule_without_a_case_level_never_asks():
    assert not asks_for_case(None, crossing(Level.RED), Level.NONE)


@pytest.mark.parametrize(("start", "taken", "reached", "waits"), [
    (0, [], 0, False), (0, [1, 2, 3], 3, False), (0, [2, 3], 0, True), (0, [1, 3], 1, True), (5, [3, 6], 6, False),
    (5, [6, 6, 7], 7, False),
])
def test_the_cursor_moves_to_the_first_missing_number(start, taken, reached, waits):
    position = advance(Position(start), taken, now=T0)
    assert position == Position(reached, T0 if waits else None)


def test_a_missing_number_is_waited_for_and_then_passed_over():
    position = advance(Position(0), [1, 3], now=T0)
    assert advance(position, [3], now=T0 + HOLE_WAIT / 2) == position
    assert advance(position, [2, 3], now=T0 + HOLE_WAIT / 2) == Position(3)
    assert advance(position, [3, 4, 6], now=T0 + HOLE_WAIT) == Position(4, T0 + HOLE_WAIT)


@given(st.sets(st.integers(1, 40)), st.data())
def test_whatever_the_order_of_commits_nothing_is_passed_over_early(numbers, data):
    position, taken = Position(0), set()
    for number in data.draw(st.permutations(sorted(numbers))):
        taken.add(number)
        position = advance(position, taken, now=T0)
        assert set(range(1, position.taken_to + 1)) <= taken
