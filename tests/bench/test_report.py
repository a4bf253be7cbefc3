"""Figures are summed up as statisticians do, and told with everything that belongs to them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli_run.bench.plan import LONGEST_S, Plan
from linli_run.bench.report import Goal, Report, Spread, percentile, rounded

KEYS = {"bench", "unit", "ours", "peer", "ratio", "goal", "held", "durable", "seed", "data", "machine", "where",
        "runs", "failures"}  # fmt: skip


def make_report(**given):
    ours = Spread.of([3.0, 1.0, 2.0])
    facts = {"bench": "ingest", "unit": "messages/s", "ours": ours, "goal": Goal(2, is_least=True), "held": True,
             "durable": "yes", "seed": 1, "data": "some", "machine": {"cores": 2}, "where": {"cores": {"nats": 0.5}},
             "runs": 3}  # fmt: skip
    return Report(**{**facts, **given})


@given(st.lists(st.floats(-1e9, 1e9), min_size=1), st.floats(0.01, 1.0))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(values, share):
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    below = [value for value in values if value < found]
    assert len(below) < share * len(values)


def test_the_99th_of_a_hundred_is_not_the_worst():
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile(range(1, 101), 0.5) == 50
    assert percentile([7.0], 0.99) == 7.0


def test_a_spread_keeps_five_digits_and_needs_a_figure():
    assert Spread.of([61_234.567, 60_000.04, 70_000.0]) == Spread(60_000, 61_235, 70_000)
    assert Spread.of([]) is None
    assert rounded(0.00123456) == 0.0012346


@pytest.mark.parametrize(("is_least", "figure", "held"), [(True, 2, True), (True, 3, False), (False, 2, True),
                                                         (False, 1, False)])  # fmt: skip
def test_a_goal_is_held_by_the_median(is_least, figure, held):
    assert Goal(figure, is_least).is_held(Spread(1, 2, 3)) is held
    assert Goal(figure, is_least).is_held(None) is False


def test_the_object_has_every_key_and_survives_json():
    told = json.loads(json.dumps(make_report().as_dict()))
    assert set(told) == KEYS
    assert told["ours"] == {"min": 1, "median": 2, "max": 3}
    assert (told["peer"], told["ratio"], told["goal"]) == (None, None, {"at_least": 2})
    assert make_report(ours=None, held=False).as_dict()["ours"] is None


def test_the_table_says_the_same_line_by_line():
    lines = make_report(failures=["run 2: too few"]).as_text().splitlines()
    assert "where.cores.nats  0.5" in lines
    assert "failures          run 2: too few" in lines
    assert "ours              min 1  median 2  max 3" in lines


def test_no_run_is_begun_that_would_not_end_in_time(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("linli_run.bench.plan.time.monotonic", lambda: clock[0])
    plan, done = Plan(runs=10, seconds=1.0, seed=1, devices=100, began=0.0), []
    for run in plan.rounds():
        done.append(run)
        clock[0] += LONGEST_S / 3
    assert done == [0, 1, 2]
    assert list(Plan(runs=2, seconds=1.0, seed=1, devices=100).rounds()) == [0, 1]
