"""The sensors of a street: they tell what happens, as sensors do, and the truth is written apart."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli_city.life import DAY_S, FAULTS, Episode, Habits, What, day_of, rain_on, truth
from linli_city.simulate import Street, reading, write_truth

SRC = Path(__file__).parents[2] / "src"
DAY = 20_000
NOON = DAY * DAY_S + 43_200.0
QUIET = Habits(opens=0, tilts=0, shakes=0, rains=0, stuck=0, drifts=0, losses=0)
DEVICES = ["mc-0001", "mc-0002", "mc-0003"]


def street(**habits: float) -> Street:
    return Street(DEVICES, 7, replace(QUIET, **habits))


def test_a_quiet_street_is_heartbeats_alone():
    said = street().messages(NOON, NOON + 3600)
    assert len(said) == 3 * 12
    assert all(m.values["tilt_deg"] < 5 and m.values["open"] == 0 for m in said)
    assert [(m.ts, m.device) for m in said] == sorted((m.ts, m.device) for m in said)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 7200), max_size=6).map(sorted))
def test_the_same_messages_come_whether_asked_for_at_once_or_in_pieces(cuts):
    busy = street(opens=3, tilts=3, shakes=200, rains=1, losses=2)
    edges = [NOON, *(NOON + cut for cut in cuts), NOON + 7200]
    pieces = [m for since, until in itertools.pairwise(edges) for m in busy.messages(since, until)]
    assert pieces == busy.messages(NOON, NOON + 7200)


def test_an_ordered_opening_is_told_at_once_and_its_end_as_well():
    ordered = street()
    ordered.open_cover("mc-0002", NOON + 10.5, 60)
    said = [m for m in ordered.messages(NOON, NOON + 120) if m.device == "mc-0002"]
    wrong = [m for m in said if m.values["open"] == 1]
    assert wrong[0].ts == NOON + 10.5
    assert all(m.values["tilt_deg"] > 40 for m in wrong)
    assert any(m.ts == NOON + 70.5 and m.values["open"] == 0 for m in said)
    assert len(wrong) >= 6


def test_a_device_nobody_knows_cannot_be_opened():
    with pytest.raises(KeyError):
        street().open_cover("mc-9999", NOON, 60)


def test_a_passing_car_shakes_a_cover_for_less_than_two_seconds():
    shaken = street(shakes=50)
    shakes = [e for e in shaken.episodes("mc-0001", DAY * DAY_S, (DAY + 1) * DAY_S) if e.what is What.SHAKE]
    assert len(shakes) == 50
    assert all(0 < e.end - e.start < 2 for e in shakes)
    told = {m.ts: m for m in shaken.messages(DAY * DAY_S, (DAY + 1) * DAY_S) if m.device == "mc-0001"}
    assert all(told[round(e.start, 3)].values["tilt_deg"] > 15 for e in shakes)
    assert all(m.values["open"] == 0 for m in told.values())


def test_rain_raises_the_water_and_it_falls_again():
    day = next(day for day in range(DAY, DAY + 50) if rain_on(day, 7, Habits()))
    start, end, _ = rain_on(day, 7, Habits())
    episodes = [e for e in day_of("mc-0001", day, 7, replace(QUIET, rains=0.25)) if e.what is What.WATER]
    assert [(e.start, e.end) for e in episodes] == [(start, end + (end - start))]
    level = {ts: reading("mc-0001", ts, episodes, 7)["water_cm"] for ts in (start, start + (end - start) * 0.6)}
    assert level[start + (end - start) * 0.6] > level[start] + 10


def test_a_stuck_sensor_repeats_itself_though_the_cover_opens():
    stuck = Episode("mc-0001", What.STUCK, NOON, NOON + 1000)
    opened = Episode("mc-0001", What.OPEN, NOON + 100, NOON + 900, 60)
    first = reading("mc-0001", NOON, [stuck], 7)
    assert reading("mc-0001", NOON + 500, [stuck, opened], 7) == first
    assert reading("mc-0001", NOON + 500, [opened], 7)["open"] == 1


def test_a_lost_device_is_silent_and_a_drifting_one_leans():
    lossy = street(losses=1)
    loss = next(e for e in lossy.episodes("mc-0001", DAY * DAY_S, (DAY + 1) * DAY_S) if e.what is What.LOSS)
    assert not [m for m in lossy.messages(loss.start, loss.end) if m.device == "mc-0001"]
    drift = Episode("mc-0001", What.DRIFT, NOON, NOON + 1000, 9)
    tilts = [reading("mc-0001", NOON + s, [drift], 7)["tilt_deg"] for s in (0, 500, 999)]
    assert tilts[0] < tilts[1] < tilts[2]


def test_the_battery_runs_down_over_months():
    levels = [reading("mc-0001", (DAY + n) * DAY_S, [], 7)["battery_pct"] for n in range(0, 2000, 10)]
    steps = [b - a for a, b in itertools.pairwise(levels)]
    assert sum(step > 0 for step in steps) <= 2  # new batteries
    assert min(levels) < 20 < max(levels) <= 100


def test_everybody_answers_the_roll_call_but_the_lost():
    assert [m.device for m in street().roll_call(NOON)] == DEVICES
    lossy = street(losses=1)
    loss = next(e for e in lossy.episodes("mc-0001", DAY * DAY_S, (DAY + 1) * DAY_S) if e.what is What.LOSS)
    assert "mc-0001" not in [m.device for m in lossy.roll_call(loss.start + 1)]


def test_the_truth_names_who_what_and_from_when_to_when(tmp_path):
    habits = replace(QUIET, opens=1, stuck=1)
    path = tmp_path / "truth" / "truth.jsonl"
    assert write_truth(truth(DEVICES, DAY, 2, 7, habits), path) == 12
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert {row["what"] for row in rows} == {"open", "stuck"}
    assert all(row["start"] < row["end"] for row in rows)
    assert {What(row["what"]) in FAULTS for row in rows} == {True, False}


def test_what_happens_keeps_inside_its_day():
    habits = Habits(opens=2, tilts=2, shakes=30, rains=1, stuck=1, drifts=1, losses=1)
    for day in range(DAY, DAY + 30):
        for episode in day_of("mc-0001", day, 7, habits):
            assert day * DAY_S <= episode.start < episode.end <= (day + 1) * DAY_S


@pytest.mark.parametrize("package", ["linli_ingest", "linli_edge", "linli_live", "linli"])
def test_no_rule_reads_the_city_or_its_truth(package):
    for path in (SRC / package).rglob("*.py"):
        text = path.read_text()
        assert "linli_city" not in text, path
        assert "truth.jsonl" not in text, path
