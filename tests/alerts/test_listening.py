"""The listener on a real database: woken by the ingest's notice, patient when the database goes."""

import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from tests.make.alerts import make_stream
from tests.make.assets import make_component
from tests.make.cases import SYSTEM, make_district

from linli.alerts import handlers, policy, tasks
from linli.alerts.models import Alert
from linli.audit import actions as audit
from linli.cases.events import CaseClosed
from linli.cases.models import Case, CaseStep
from linli.metrics import queries as metrics
from linli.sensing.models import Datastream

WRITE = ("INSERT INTO exceedance (datastream, rule_id, rule_version, ts, level_from, level_to, value)"
         " VALUES (%s, %s, 1, now(), %s, %s, 1)")


@pytest.fixture
def stream(fresh_db) -> Datastream:
    with audit.acting(SYSTEM):
        make_district()
        manhole = make_component()
    return make_stream(component=manhole.code)


@pytest.fixture
def ingest(server, fresh_db) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.url("linli_ingest", "linli_fresh"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def listening() -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=tasks.listen, args=(stop,))
    thread.start()
    yield stop
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def within(seconds: float, true: Callable[[], object]) -> bool:
    """Return whether something becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with audit.acting(SYSTEM):
            if true():
                return True
        time.sleep(0.05)
    return False


def write(ingest: psycopg.Connection, stream: Datastream, before: int, after: int, *, notify: bool = True) -> None:
    ingest.execute(WRITE, [stream.pk, stream.rule_id, before, after])
    if notify:
        ingest.execute("SELECT pg_notify('linli_exceedance', '')")


def test_a_notice_wakes_the_listener(stream, ingest, monkeypatch, listening):
    assert within(5, lambda: [part.part for part in metrics.parts()] == ["alerts"])
    monkeypatch.setattr(tasks, "POLL_S", 600.0)
    write(ingest, stream, 0, 3)
    assert within(5, lambda: Alert.objects.filter(level="orange", case__isnull=False).exists())
    assert [part.ready for part in metrics.parts()] == [True]


def test_a_notice_that_was_lost_is_made_good(stream, ingest, monkeypatch, listening):
    monkeypatch.setattr(tasks, "POLL_S", 0.5)
    write(ingest, stream, 0, 3, notify=False)
    assert within(5, lambda: Alert.objects.filter(level="orange").exists())


def test_the_listener_comes_back_when_its_connections_are_cut(server, stream, ingest, listening, monkeypatch):
    monkeypatch.setattr(tasks, "RETRY_S", 0.1)
    monkeypatch.setattr(tasks, "POLL_S", 0.3)
    write(ingest, stream, 0, 3)
    assert within(5, lambda: Alert.objects.exists())
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'linli_fresh'"
                      " AND query = 'LISTEN linli_exceedance'")
    write(ingest, stream, 3, 4)
    assert within(5, lambda: Alert.objects.filter(level="red").exists())


def test_a_case_closed_too_early_says_that_its_sensor_still_exceeds(stream, ingest):
    write(ingest, stream, 0, 3)
    tasks.take_all(threading.Event())
    with audit.acting(SYSTEM):
        case = Case.objects.get()
    for _ in range(2):
        handlers.note_still_over(CaseClosed(case_id=case.pk))
    with audit.acting(SYSTEM):
        assert CaseStep.objects.filter(case=case, move="sensor_still_over").count() == 1
        assert policy.visible_alerts(SYSTEM).get().cleared_at is None
