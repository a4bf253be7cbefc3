"""Devices of three kits: they tell what happens, their faults are theirs, and the truth stands apart."""

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli_city.delivery import Troubles, delivered
from linli_city.fleet import Fleet
from linli_city.kinds import KINDS, base_lines
from linli_city.life import DAY_S, What

NOON = 20_000 * DAY_S + 43_200.0
KITS = sorted(KINDS)


def quiet(kit: str, *devices: str) -> Fleet:
    return Fleet(kit, devices or ("x-1",), 7, quiet=True)


def main_of(fleet: Fleet, since: float, until: float) -> list[float]:
    return [message.values[fleet.kind.main] for message in fleet.messages(since, until)]


@pytest.mark.parametrize("kit", KITS)
@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.floats(0, 7200), max_size=4).map(sorted))
def test_the_same_messages_come_whether_asked_for_at_once_or_in_pieces(kit, cuts):
    fleet = Fleet(kit, ["x-1", "x-2"], 7)
    edges = [NOON, *(NOON + cut for cut in cuts), NOON + 7200]
    pieces = [m for since, until in itertools.pairwise(edges) for m in fleet.messages(since, until)]
    assert pieces == fleet.messages(NOON, NOON + 7200)


@pytest.mark.parametrize(("kit", "what", "size", "metric", "over"), [
    ("sewer_level", What.SURGE, 0.7, "fill_pct", 100), ("sewer_level", What.PONDING, 30, "ponding_cm", 27),
    ("electrical_fire", What.LEAK, 350, "residual_1_ma", 300), ("electrical_fire", What.HEAT, 95, "cable_1_c", 90),
    ("electrical_fire", What.ARC, 20, "arc_per_s", 14), ("fire_lane", What.PARKED, 0, "occupied", 1),
    ("machine_room", What.HEAT, 20, "temperature_f", 85), ("river_stage", What.SURGE, 55, "stage_cm", 105),
    ("water_tank", What.SURGE, 4, "level_m", 5.4),
])  # fmt: skip
def test_what_happens_is_told_while_it_lasts_and_not_after(kit, what, size, metric, over):
    fleet = quiet(kit)
    fleet.order("x-1", what, NOON + 100, 2000, size)
    said = fleet.messages(NOON, NOON + 4000)
    high = [m.ts for m in said if m.values[metric] >= over]
    assert high
    assert NOON + 100 <= min(high) <= max(high) < NOON + 2100
    assert any(m.ts == NOON + 2100 for m in said)


@pytest.mark.parametrize("kit", KITS)
def test_each_fault_is_seen_in_what_a_device_says(kit):
    calm = quiet(kit)
    usual = main_of(calm, NOON, NOON + 40_000)

    def faulty(what: What, size: float = 0.0) -> Fleet:
        fleet = quiet(kit)
        fleet.order("x-1", what, NOON, 40_000, size)
        return fleet

    assert not faulty(What.LOSS).messages(NOON, NOON + 40_000)
    assert len({tuple(m.values.items()) for m in faulty(What.STUCK).messages(NOON, NOON + 40_000)}) == 1
    assert all(fleet_main not in m.values for m in faulty(What.MUTE).messages(NOON, NOON + 40_000)
               for fleet_main in [calm.kind.main])
    assert 0.02 < sum(v == 99_999 for v in main_of(faulty(What.SPIKES, 99_999), NOON, NOON + 40_000)) / len(usual) < 0.3
    drifted = main_of(faulty(What.DRIFT, 0.5), NOON, NOON + 40_000)
    assert drifted[-1] > 1.4 * usual[-1]
    assert main_of(faulty(What.NOISE, 0.5), NOON, NOON + 40_000) != usual
    slow = faulty(What.CLOCK, 1800.0).messages(NOON, NOON + 40_000)
    assert all(message.told_ts == message.ts - 1800 for message in slow)
    assert delivered(slow, 3, Troubles())[0].body["ts"] == slow[0].ts - 1800
    if "battery_pct" in calm.messages(NOON, NOON + 4000)[0].values:
        assert {m.values["battery_pct"] for m in faulty(What.BATTERY, 11.0).messages(NOON, NOON + 4000)} == {11.0}


def test_a_day_brings_what_its_seed_says_and_keeps_inside_the_day():
    for kit in KITS:
        fleet = Fleet(kit, ["x-1"], 7)
        for day in range(20_000, 20_060):
            assert fleet.day_of("x-1", day) == Fleet(kit, ["x-1"], 7).day_of("x-1", day)
            assert all(day * DAY_S <= e.start < e.end <= (day + 1) * DAY_S for e in fleet.day_of("x-1", day))
        assert {e.what for day in range(20_000, 20_400) for e in fleet.day_of("x-1", day)} >= {What.LOSS, What.MUTE}


def test_every_loop_and_gauge_has_a_base_line_and_the_same_each_time():
    lines = base_lines("electrical_fire", "ef-1")
    assert lines == base_lines("electrical_fire", "ef-1")
    assert len(lines) == 4
    assert all(20 <= line <= 80 for line in lines.values())
    assert base_lines("fire_lane", "fl-1") == {}


def test_messages_come_twice_and_late_and_a_counter_begins_anew_but_nothing_is_lost():
    messages = quiet("electrical_fire", "a", "b").messages(NOON, NOON + 7200)
    there = delivered(messages, 3, Troubles(twice=0.2, late=0.3, restarts={"a": NOON + 3600}))
    assert there == delivered(messages, 3, Troubles(twice=0.2, late=0.3, restarts={"a": NOON + 3600}))
    assert {(d.device, d.body["ts"]) for d in there} == {(m.device, m.ts) for m in messages}
    assert len(there) > 1.1 * len(messages)
    assert [d.at for d in there] == sorted(d.at for d in there)
    assert any(d.at > d.body["ts"] + 10 for d in there)
    numbers = Counter((d.body.get("b", ""), d.body["n"]) for d in there if d.device == "a")
    for session in ("", "restarted"):
        own = sorted(n for s, n in numbers if s == session)
        assert own == list(range(1, len(own) + 1))
