"""Devices that are offline, silent or stuck: told in sets, one alert each, one for all where the network fell."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from psycopg import Connection
from tests.make.areas import GRID_A, middle_of
from tests.make.assets import make_component
from tests.make.cases import case_now, make_district
from tests.make.organisations import make_unit
from tests.make.readings import ingesting, measured

from linli.alerts import actions as alerts
from linli.alerts.models import Alert
from linli.audit import actions as audit
from linli.cases import queries as case_facts
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.sensing import actions as sensing
from linli.sensing.models import Datastream, Listening

SYSTEM = Actor.system("test")
HEARTBEAT_S = 60.0  # of the kit electrical_fire: three may be missed
LONG_AGO = timedelta(days=30)


class Street:
    """Devices in a database of the test's own, and a clock that the test moves."""

    def __init__(self, line: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
        self.line, self.now = line, datetime.fromisoformat("2026-11-23T04:00:00+00:00")
        monkeypatch.setattr(clock, "now", lambda: self.now)
        Listening.objects.create(since=self.now - LONG_AGO, at=self.now)

    def adopt(self, *codes: str, component: str = "", gateway: str = "") -> None:
        sensing.adopt_many([sensing.NewThing(code=code, name=code, kit="electrical_fire", component=component,
                                             where=None if component else middle_of(0), gateway=gateway)
                            for code in codes], actor=SYSTEM)

    def say(self, code: str, *, at: datetime | None = None, **values: float) -> None:
        """Store what a device said, by default now."""
        at = at or self.now
        for metric, value in values.items():
            stream = Datastream.objects.get(thing__code=code, metric=metric).pk
            measured(self.line, stream, [(at, value)])
            self.line.execute("UPDATE latest SET arrived_at = %s WHERE datastream = %s", [at, stream])
        self.heard(code, at)

    def say_of(self, code: str, behind_s: float, **values: float) -> None:
        """Store what a device said now, under a time that is so far behind."""
        self.store(code, self.now, behind_s, values)
        self.heard(code, self.now)

    def store(self, code: str, arrived_at: datetime, behind_s: float, values: Mapping[str, float]) -> None:
        """Store what a device said as ingest does: late where a newer reading is stored."""
        at = arrived_at - timedelta(seconds=behind_s)
        for metric, value in values.items():
            stream = Datastream.objects.get(thing__code=code, metric=metric).pk
            newest = self.line.execute("SELECT ts FROM latest WHERE datastream = %s", [stream]).fetchone()
            if newest is None or at > newest[0]:
                measured(self.line, stream, [(at, value)])
                self.line.execute("UPDATE latest SET arrived_at = %s WHERE datastream = %s", [arrived_at, stream])
            else:
                self.line.execute("INSERT INTO late_arrival VALUES (%s, %s, %s) ON CONFLICT (datastream) DO UPDATE"
                                  " SET arrived_at = excluded.arrived_at, ts = excluded.ts", [stream, arrived_at, at])

    def refuse(self, code: str, reason: str) -> None:
        """Note that a message of a device was refused now."""
        self.line.execute("INSERT INTO quarantine_count VALUES (%s, %s, 1, %s) ON CONFLICT (device, reason) DO UPDATE"
                          " SET last_at = excluded.last_at", [code, reason, self.now])
        self.heard(code, self.now)

    def heard(self, code: str, at: datetime) -> None:
        self.line.execute("INSERT INTO device_status VALUES (%s, %s, 1, 0, NULL, NULL) ON CONFLICT (device)"
                          " DO UPDATE SET seen_at = excluded.seen_at", [code, at])

    def look(self, after_s: float = 0, *, ingest_behind_s: float = 0.0, ingest_lives: bool = True) -> list[Alert]:
        """Look at the devices some seconds later and return the open alerts."""
        self.now += timedelta(seconds=after_s)
        if ingest_lives:
            self.line.execute("INSERT INTO metrics_heartbeat (part, at, lag_s, limit_s, note) VALUES ('ingest', %s, %s,"
                              " 10, '') ON CONFLICT (part) DO UPDATE SET at = excluded.at, lag_s = excluded.lag_s",
                              [self.now, ingest_behind_s])
        Listening.objects.filter(at__lt=self.now - timedelta(seconds=30)).update(at=self.now - timedelta(seconds=2))
        alerts.sweep_devices()
        return list(Alert.objects.still_open().order_by("pk"))


@pytest.fixture
def street(fresh_db, server, monkeypatch):
    with audit.acting(SYSTEM), ingesting(server) as line:
        make_district()
        yield Street(line, monkeypatch)


def conditions(found: list[Alert]) -> list[tuple[str, str, str]]:
    return [(alert.thing_code, alert.rule_name_en, alert.metric) for alert in found]


def test_a_device_is_offline_after_its_missed_heartbeats_and_well_again_by_itself(street):
    street.adopt("ef-1", "ef-2")
    for code in ("ef-1", "ef-2"):
        street.say(code, load_a=3.0)
    assert street.look(180) == []
    street.say("ef-2", load_a=3.1)
    assert conditions(street.look(2)) == [("ef-1", "Device offline", "")]
    assert conditions(street.look(3600 - 2)) == [("ef-1", "Device offline", ""), ("ef-2", "Device offline", "")]
    street.say("ef-1", load_a=3.2)
    street.say("ef-2", load_a=3.2)
    assert street.look(1) == []
    assert Alert.objects.filter(level="none").count() == 2


def test_one_missing_metric_is_silent_while_the_others_come(street):
    street.adopt("ef-1")
    street.say("ef-1", load_a=3.0, cable_1_c=21.0)
    for _ in range(4):
        street.say("ef-1", at=street.now + timedelta(seconds=60), load_a=3.0)
        found = street.look(60)
    assert conditions(found) == [("ef-1", "Metric silent", "cable_1_c")]
    street.say("ef-1", at=street.now + timedelta(seconds=1), cable_1_c=22.0, load_a=3.3)
    assert street.look(1) == []


def test_a_metric_that_never_came_is_not_called_silent(street):
    street.adopt("ef-1")
    for _ in range(5):
        street.say("ef-1", at=street.now + timedelta(seconds=60), load_a=3.0)
        assert street.look(60) == []


def test_a_value_that_stands_beyond_its_time_is_stuck_until_it_moves(street):
    street.adopt("ef-1")
    hours = 25
    for hour in range(hours):
        street.say("ef-1", at=street.now + timedelta(hours=1), load_a=3.0, mains_on=1.0)
        found = street.look(3600)
        assert conditions(found) == ([("ef-1", "Reading stuck", "load_a")] if hour == hours - 1 else [])
    street.say("ef-1", at=street.now + timedelta(seconds=30), load_a=3.01, mains_on=1.0)
    assert street.look(30) == []


def test_a_value_that_moved_between_two_looks_is_not_stuck(street):
    street.adopt("ef-1")
    for hour in range(26):
        if hour == 12:  # away and back before anybody looks
            street.say("ef-1", at=street.now + timedelta(minutes=10), load_a=9.0)
        street.say("ef-1", at=street.now + timedelta(hours=1), load_a=3.0)
        assert street.look(3600) == []


def test_nobody_is_called_silent_while_ingest_itself_is_away_or_behind(street):
    street.adopt("ef-1")
    street.say("ef-1", load_a=3.0)
    assert street.look(600, ingest_lives=False) == []
    assert street.look(600, ingest_behind_s=30) == []
    assert conditions(street.look(600)) == [("ef-1", "Device offline", "")]
    assert len(street.look(600, ingest_lives=False)) == 1


def test_after_we_were_deaf_a_device_gets_a_heartbeat_to_speak(street):
    street.adopt("ef-1")
    street.say("ef-1", load_a=3.0)
    street.now += timedelta(hours=2)
    Listening.objects.update(at=street.now - timedelta(hours=1))
    street.line.execute("INSERT INTO metrics_heartbeat (part, at, lag_s, limit_s, note)"
                        " VALUES ('ingest', %s, 0, 10, '')", [street.now])
    alerts.sweep_devices()
    assert not Alert.objects.exists()
    assert street.look(HEARTBEAT_S - 1) == []
    assert len(street.look(2)) == 1


def test_when_the_network_falls_there_is_one_alert_and_one_case(street):
    codes = [f"ef-{number}" for number in range(40)]
    street.adopt(*codes, gateway="gw-1")
    street.adopt("ef-far", gateway="gw-2")
    for code in [*codes, "ef-far"]:
        street.say(code, load_a=3.0)
    street.say("ef-far", at=street.now + timedelta(seconds=181), load_a=3.0)
    fell, = street.look(182)
    assert (fell.gathers, fell.thing_name, fell.area_code) == ("gateway:gw-1", "gw-1 40/40", GRID_A)
    assert fell.members == sorted(codes)
    street.say("ef-far", at=street.now + timedelta(seconds=3600), load_a=3.0)
    fell, = street.look(3600)
    assert case_now(fell.case_id).category.code == "device_fault"
    for code in codes[:10]:
        street.say(code, load_a=3.5)
    fell, = street.look(1)
    assert (fell.thing_name, fell.members) == ("gw-1 30/40", sorted(codes[10:]))
    for code in codes[:32]:
        street.say(code, load_a=3.5)
    found = street.look(1)
    assert sorted(conditions(found)) == sorted((code, "Device offline", "") for code in codes[32:])
    assert Alert.objects.get(gathers="gateway:gw-1").cleared_at is not None


def test_a_fault_that_lasts_becomes_a_case_at_the_maintaining_unit_and_only_one(street):
    firm = make_unit("青禾物业")
    cabinet = make_component(maintaining=firm)
    street.adopt("ef-1", component=cabinet.code)
    street.say("ef-1", load_a=3.0)
    alert, = street.look(182)
    assert alert.case_id is None
    alert, = street.look(3599)
    assert alert.case_id is None
    alert, = street.look(1)
    case = case_now(alert.case_id)
    assert (case.category.code, case.component_id, case.unit_id, case.level) == (
        "device_fault", cabinet.id, firm, "blue")
    again, = street.look(7200)
    assert again.case_id == case.pk
    street.say("ef-1", load_a=3.4)
    assert street.look(1) == []
    assert "sensor_recovered" in [step.move for step in case_facts.timeline(case.pk)]
    assert case_now(case.pk).state == "reported"


def test_what_a_device_last_said_of_danger_stays_while_it_is_not_heard(street):
    street.adopt("ef-1")
    street.say("ef-1", load_a=3.0)
    stream = Datastream.objects.get(thing__code="ef-1", metric="residual_1_ma")
    street.line.execute("INSERT INTO rule_state VALUES (%s, %s, 1, 4, '{}')", [stream.pk, stream.rule_id])
    street.look(182)
    level, = street.line.execute("SELECT levels_on FROM rule_state WHERE datastream = %s", [stream.pk]).fetchone()
    assert level == 4
