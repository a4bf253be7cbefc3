"""Every part may be killed at any moment: nothing told stored is lost, nothing is stored twice, no level is missed."""

import os
import signal
import time

import psycopg
import pytest
from tests.make.areas import middle_of
from tests.make.sensing import SYSTEM

from linli.audit import actions as audit
from linli.sensing import actions as sensing
from linli.sensing.domain import rule_text, threshold
from linli.sensing.models import Rule
from linli_edge.sender import Sender

pytestmark = pytest.mark.durability

T0 = 1_790_000_000
EACH = 1_500


def tilt(number, at):
    """A cover that is opened and closed again and again, each in its own rhythm."""
    return float((at // (70 + number)) % 3 * 9 + at % 5)


def adopt_devices(prefix):
    codes = [f"{prefix}-{number}" for number in range(10)]
    with audit.acting(SYSTEM):
        sensing.adopt_many([sensing.NewThing(code=code, name=code, kit="manhole", where=middle_of(0))
                            for code in codes], actor=SYSTEM)  # fmt: skip
    return codes


def send_all(road, codes, meanwhile):
    """Send every device's series, doing something at every third of the way; wait until all is told stored."""
    with Sender(road.nats.mqtt_url, "losses") as sender:
        for at in range(EACH):
            for number, code in enumerate(codes):
                sender.send(code, {"ts": T0 + at, "tilt_deg": tilt(number, at)})
            if at % (EACH // 3) == EACH // 6:
                while sender.progress().stored < at * len(codes) // 2:
                    time.sleep(0.01)
                meanwhile()
        assert sender.wait(90), (sender.progress(), road.log.read_text()[-2000:])


def assert_nothing_lost_or_doubled(road, codes):
    for number, code in enumerate(codes):
        assert road.readings(code, "tilt_deg") == [(T0 + at, tilt(number, at)) for at in range(EACH)]
        assert road.held(code) == []


def assert_levels_equal_the_plain_rule(road, codes):
    with audit.acting(SYSTEM):
        rule = rule_text.parse(Rule.objects.get(name="manhole_tilt").definition)
    for number, code in enumerate(codes):
        series = (((T0 + at) * 10**6, tilt(number, at)) for at in range(EACH))
        expected = [(change.at_us / 10**6, change.level_from, change.level_to, 1)
                    for change in threshold.changes(rule, series)]  # fmt: skip
        assert len(expected) > 10
        assert road.exceedances(code) == expected


def test_ingest_killed_under_load_loses_and_doubles_nothing(road):
    codes = adopt_devices("kill")

    def kill_ingest():
        road.end_ingest(signal.SIGKILL)
        road.start_ingest(ready=False)

    send_all(road, codes, kill_ingest)
    assert_nothing_lost_or_doubled(road, codes)
    assert_levels_equal_the_plain_rule(road, codes)


def test_a_killed_message_server_and_cut_database_connections_lose_and_double_nothing(road):
    codes = adopt_devices("cut")
    blows = iter([signal.SIGKILL, None, signal.SIGKILL])

    def strike():
        if (blow := next(blows)) is not None:
            pid = road.nats.running_pid()
            assert pid
            os.kill(pid, blow)
            road.nats.start()
        with psycopg.connect(road.ingest_url) as line:
            line.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'linli_ingest'"
                         " AND datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip

    send_all(road, codes, strike)
    assert_nothing_lost_or_doubled(road, codes)


def test_a_stream_that_lost_its_end_and_one_made_anew_are_read_from_their_start(road, device):
    def opened():
        return [value for _, value in road.readings(device, "open")]

    road.say(device, {"ts": T0, "open": 0}, {"ts": T0 + 1, "open": 0})
    road.settle()
    road.end_ingest()
    with psycopg.connect(road.ingest_url) as line:  # as if other messages had had these numbers before a power cut
        line.execute("UPDATE ingest_cursor SET seq_ns = seq_ns - 1")
        line.execute("DELETE FROM observation WHERE ts = to_timestamp(%s)", [T0 + 1])
    road.say(device, {"ts": T0 + 2, "open": 0})
    road.start_ingest()
    road.settle()
    assert opened() == [0.0, 0.0, 0.0]

    road.end_ingest()
    assert road.ask("$JS.API.STREAM.DELETE.TELEMETRY")["success"]
    road.start_ingest()
    road.say(device, {"ts": T0 + 3, "open": 1})
    road.settle()
    assert opened() == [0.0, 0.0, 0.0, 1.0]
    assert road.held(device) == []


def test_a_message_that_cannot_be_stored_is_set_aside_and_holds_up_nothing(road, device):
    with psycopg.connect(road.ingest_url) as line:
        line.execute("ALTER TABLE observation ADD CONSTRAINT no_thirteen CHECK (value <> 13.5) NOT VALID")
    try:
        road.say(device, *({"ts": T0 + at, "n": at - 9, "water_cm": at + 0.5} for at in range(10, 17)))
        road.settle()
    finally:
        with psycopg.connect(road.ingest_url) as line:
            line.execute("ALTER TABLE observation DROP CONSTRAINT no_thirteen")
    assert [value for _, value in road.readings(device, "water_cm")] == [10.5, 11.5, 12.5, 14.5, 15.5, 16.5]
    assert road.held(device) == [("failed", 1)]
    road.say(device, {"ts": T0 + 20, "water_cm": 1})
    road.settle()
    assert road.readings(device, "water_cm")[-1] == (T0 + 20, 1.0)


def test_a_dropped_partition_is_made_again_when_a_late_reading_comes(road, device):
    march = 1_710_000_000
    road.say(device, {"ts": march, "open": 0})
    road.settle()
    with psycopg.connect(road.ingest_url) as line:
        line.execute("DROP TABLE observation_2024_03")
    road.say(device, {"ts": march + 60, "open": 1})
    road.settle()
    assert road.readings(device, "open") == [(march + 60, 1.0)]
    assert road.held(device) == []


def test_of_two_ingests_only_one_writes(road, device):
    first, said_before = road.process, len(road.log.read_text())
    road.start_ingest(ready=False)
    second, road.process = road.process, first
    try:
        road.await_rows("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'linli_ingest'"
                        " AND datname = current_database()", [(2,)])  # fmt: skip
        time.sleep(1)  # a second one that did not wait would be reading by then
        for at in range(21):
            road.say(device, {"ts": T0 + 100 * at, "open": at % 3 == 0})
        road.settle()
        road.end_ingest(signal.SIGKILL)
        road.say(device, {"ts": T0 + 2100, "open": 1})
        road.settle()
    finally:
        road.process = second
    assert len(road.readings(device, "open")) == 22
    assert len(road.exceedances(device)) == 15
    assert "could not be stored" not in road.log.read_text()[said_before:]
