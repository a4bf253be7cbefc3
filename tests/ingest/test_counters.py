"""Counters that begin anew, and two senders that call themselves one device."""

import time

from tests.make.road import Road

T0 = float(int(time.time()) - 3600)


def acked(road: Road, device: str) -> dict[str, int]:
    return dict(road.rows("SELECT session, acked_n FROM receipt WHERE device = %s", device))


def test_a_counter_that_begins_anew_without_saying_so_loses_no_reading_but_its_receipt_does_not_go_back(road, device):
    road.say(device, *({"ts": T0 + n, "n": n, "water_cm": n} for n in range(1, 6)))
    road.say(device, *({"ts": T0 + 100 + n, "n": n, "water_cm": 50 + n} for n in range(1, 4)))
    road.settle()
    assert [value for _, value in road.readings(device, "water_cm")] == [1, 2, 3, 4, 5, 51, 52, 53]
    assert acked(road, device) == {"": 5}
    road.say(device, {"ts": T0 + 200, "n": 6, "water_cm": 60})
    road.settle()
    assert acked(road, device) == {"": 6}


def test_a_counter_that_begins_anew_as_a_new_session_has_its_own_run(road, device):
    road.say(device, *({"ts": T0 + n, "n": n, "water_cm": n} for n in range(1, 6)))
    road.say(device, *({"ts": T0 + 100 + n, "n": n, "b": "second life", "water_cm": n} for n in (1, 2, 4)))
    road.settle()
    assert acked(road, device) == {"": 5, "second life": 2}
    assert len(road.readings(device, "water_cm")) == 8


def test_two_senders_of_one_name_store_what_each_says_once_and_a_contradiction_is_held(road, device):
    first = [{"ts": T0 + 10 * n, "n": n, "water_cm": n} for n in range(1, 4)]
    other = [{"ts": T0 + 10 * n + 5, "n": n, "water_cm": 70 + n} for n in range(1, 4)]
    road.say(device, *first)
    road.say(device, *other, first[0], {"ts": T0 + 10, "n": 2, "water_cm": 99})
    road.settle()
    assert [value for _, value in road.readings(device, "water_cm")] == [1, 71, 2, 72, 3, 73]
    assert road.held(device) == [("conflict", 1)]
    assert acked(road, device) == {"": 3}


def test_two_gateways_that_hand_in_the_same_readings_store_each_once_and_nothing_is_held(road, device):
    said = [{"ts": T0 + 10 * n, "water_cm": n, "tilt_deg": 1} for n in range(1, 6)]
    for session in ("left", "right"):
        road.say(device, *({**body, "n": n, "b": session} for n, body in enumerate(said, start=1)))
    road.settle()
    assert [value for _, value in road.readings(device, "water_cm")] == [1, 2, 3, 4, 5]
    assert road.held(device) == []
    assert acked(road, device) == {"left": 5, "right": 5}


def test_two_gateways_that_differ_keep_the_first_and_hold_each_contradiction_with_both_values(road, device):
    for session, more in (("left", 0), ("right", 50)):
        road.say(device, *({"ts": T0 + 10 * n, "n": n, "b": session, "water_cm": n + more} for n in range(1, 4)))
    road.settle()
    assert [value for _, value in road.readings(device, "water_cm")] == [1, 2, 3]
    assert road.held(device) == [("conflict", 1)] * 3
    assert road.rows("SELECT detail FROM quarantine WHERE device = %s ORDER BY id", device)[0] == (
        "51.0 where 1.0 is stored",)
    assert acked(road, device) == {"left": 3, "right": 3}


def test_two_senders_with_sessions_of_their_own_have_receipts_of_their_own(road, device):
    for session, at in (("left", 0.0), ("right", 0.5)):
        road.say(device, *({"ts": T0 + n + at, "n": n, "b": session, "water_cm": n} for n in range(1, 4)))
    road.settle()
    assert acked(road, device) == {"left": 3, "right": 3}
    assert len(road.readings(device, "water_cm")) == 6
