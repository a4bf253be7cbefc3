"""The simulator in real time: it tells what happens, obeys orders at once, and writes the truth apart."""

import json
import threading

import pytest

from linli_city.life import DAY_S, Habits
from linli_city.simulate import Street
from linli_run import demo_orders, demo_simulator
from linli_run.home import Home

NOON = 20_700 * DAY_S + 43_200.0
QUIET = Habits(opens=0, tilts=0, shakes=0, rains=0, stuck=0, drifts=0, losses=0)


@pytest.fixture
def told():
    return []


@pytest.fixture
def simulator(tmp_path, told):
    street = Street(["mc-0001", "mc-0002"], 7, QUIET)
    return demo_simulator.Simulator(street, lambda device, body: told.append((device, body)), Home(tmp_path))


def truth_lines(home: Home) -> list[dict]:
    return [
        json.loads(line)
        for path in sorted((home.folder / "simulator" / "truth").iterdir())
        for line in path.read_text().splitlines()
    ]


def test_an_order_opens_the_cover_in_the_same_step(simulator, told):
    demo_orders.give(demo_orders.Order("mc-0002", 60.0), simulator.home)
    assert simulator.step(NOON, NOON + 0.2) == NOON + 0.2
    assert [(device, body["open"], body["ts"]) for device, body in told if body["open"]] == [("mc-0002", 1.0, NOON)]


def test_the_cover_is_shut_again_when_its_time_is_over(simulator, told):
    demo_orders.give(demo_orders.Order("mc-0002", 30.0), simulator.home)
    since = NOON
    while since < NOON + 31:
        since = simulator.step(since, since + 0.2)
    said = [body["open"] for device, body in told if device == "mc-0002"]
    assert said[0] == 1
    assert said[-1] == 0


def test_an_order_for_nobody_is_told_and_passed_over(simulator, told, capsys):
    demo_orders.give(demo_orders.Order("mc-9999", 30.0), simulator.home)
    simulator.step(NOON, NOON + 0.2)
    assert "mc-9999" in capsys.readouterr().out
    assert not [body for _, body in told if body["open"]]


def test_the_truth_of_a_day_is_written_once_and_orders_join_it(simulator, tmp_path):
    simulator.street.habits = Habits(opens=1)
    simulator.step(NOON, NOON + 0.2)
    planned = truth_lines(simulator.home)
    demo_orders.give(demo_orders.Order("mc-0001", 5.0), simulator.home)
    simulator.step(NOON + 0.2, NOON + 0.4)
    again = demo_simulator.Simulator(simulator.street, lambda device, body: None, simulator.home)
    again.step(NOON + 0.4, NOON + 0.6)
    written = truth_lines(simulator.home)
    assert planned
    assert written[:-1] == planned
    assert (written[-1]["device"], written[-1]["start"], written[-1]["end"]) == ("mc-0001", NOON + 0.2, NOON + 5.2)


def test_it_calls_the_roll_and_stops_when_told(simulator, told):
    stop = threading.Event()
    thread = threading.Thread(target=simulator.run, args=[stop])
    thread.start()
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert {device for device, _ in told} == {"mc-0001", "mc-0002"}
