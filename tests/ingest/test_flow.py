"""What goes in comes out: every message the stream's own numbers count has one outcome."""

import time

from django.test import Client

from linli.metrics import queries
from linli_edge.sender import Sender

T0 = 1_795_000_000


def counts(family):
    return dict(queries.balance().families.get(family, dict.fromkeys(queries.OUTCOMES, 0)))


def grown(before, after):
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def test_resends_conflicts_bad_messages_and_strangers_balance(road, device):
    road.settle()
    before, strangers, passed = counts("manhole"), counts(""), queries.balance().passed
    road.say(device, *({"ts": T0 + at, "water_cm": at} for at in range(5)))  # stored
    road.say(device, *({"ts": T0 + at, "water_cm": at} for at in range(3)))  # repeated
    road.say(device, {"ts": T0, "water_cm": 99}, b"{", {"ts": T0 + 9, "water_cm": "deep"})  # quarantined
    road.say(device, {"ts": T0 + 4, "water_cm": 4, "open": 0})  # one of two readings is new: stored
    road.say(device, {"n": 1})  # empty
    road.say(device, {"fw": "1.2"}, kind="s")
    road.say("nobody-knows-me", {"ts": T0, "water_cm": 1})
    road.settle()
    assert grown(before, counts("manhole")) == {"stored": 6, "repeated": 3, "quarantined": 3, "empty": 1, "statuses": 1}
    assert grown(strangers, counts(""))["quarantined"] == 2  # the second is the road's own last message
    assert queries.balance().passed - passed == 16
    assert queries.balance().unaccounted == 0


def test_under_load_with_a_restart_in_the_middle_it_still_balances(road, device):
    with Sender(road.nats.mqtt_url, "flow") as sender:
        for at in range(3_000):
            sender.send(device, {"ts": T0 + 100 + at, "water_cm": at % 7})
            if at == 1_500:
                while not sender.progress().stored:
                    time.sleep(0.01)
                road.end_ingest(9)
                road.start_ingest(ready=False)
        assert sender.wait(60)
    road.settle()
    found = queries.balance()
    assert found.unaccounted == 0
    assert found.passed == sum(sum(outcomes.values()) for outcomes in found.families.values())


def test_messages_dropped_before_they_were_read_are_a_visible_difference(road, device):
    road.settle()
    road.end_ingest()
    road.say(device, *({"ts": T0 + 9_000 + at, "water_cm": 1} for at in range(4)))
    assert road.ask("$JS.API.STREAM.PURGE.TELEMETRY")["success"]
    road.say(device, {"ts": T0 + 9_010, "water_cm": 1})
    road.start_ingest()
    road.settle()
    assert queries.balance().unaccounted == 4
    assert b"linli_messages_unaccounted 4" in Client().get("/metrics").content
    with_all = road.rows("UPDATE metrics_passage SET passed = passed - 4 RETURNING 1")
    assert with_all == [(1,)]
