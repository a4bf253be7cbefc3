import signal
import threading

import pytest
from tests.make.run import wait_for

from linli_run import worker


@pytest.fixture
def ended() -> list[int]:
    asked = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    yield asked
    signal.signal(signal.SIGTERM, before)


def test_work_beside_the_deliveries_that_breaks_ends_the_worker(ended):
    def breaks(stop: threading.Event) -> None:
        raise ZeroDivisionError

    stop = threading.Event()
    worker._beside("alerts", breaks, stop)
    wait_for(lambda: ended, 5)
    assert stop.is_set()


def test_work_that_ends_because_it_was_told_to_ends_nothing_else(ended):
    stop = threading.Event()
    thread = worker._beside("alerts", lambda told: told.wait(), stop)
    stop.set()
    thread.join(5)
    assert ended == []


def test_the_worker_beats_for_itself_and_for_the_message_server(db):
    from django.db import connection

    from linli.outbox import queries as outbox
    from linli_run import heartbeats

    heartbeats.beat_for_worker()
    heartbeats.beat_for_nats("nats://nobody@127.0.0.1:1")
    heartbeats.beat_for_nats("")
    with connection.cursor() as cursor:
        cursor.execute("SELECT part, note FROM metrics_heartbeat")
        waiting = outbox.backlog().waiting
        assert cursor.fetchall() == [("worker", f"{waiting} waiting, 0 given up")]


def test_a_worker_whose_loop_stands_still_gives_no_sign_of_life(db):
    from django.db import connection

    from linli_run import heartbeats

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 min')")
        heartbeats.beat_for_worker()
        cursor.execute("SELECT count(*) FROM metrics_heartbeat WHERE part = 'worker'")
        assert cursor.fetchone() == (0,)
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp()")
        heartbeats.beat_for_worker()
        cursor.execute("SELECT count(*) FROM metrics_heartbeat WHERE part = 'worker'")
        assert cursor.fetchone() == (1,)
