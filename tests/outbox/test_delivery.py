import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from linli.kernel.event import Event
from linli.outbox import actions as outbox
from linli.outbox import queries, tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingHappened(Event):
    thing_id: int


heard: list[int] = []


def hear(event: ThingHappened) -> None:
    heard.append(event.thing_id)


def fail(event: ThingHappened) -> None:
    raise ValueError("this handler always fails")


@pytest.fixture(autouse=True)
def own_subscriptions(monkeypatch):
    monkeypatch.setattr(outbox, "_handlers", {})
    monkeypatch.setattr(outbox, "_events", {})
    heard.clear()


@pytest.fixture(autouse=True)
def nothing_waits(request):
    """Let go of what the migrations published."""
    for name in {"db", "fresh_db"} & set(request.fixturenames):
        request.getfixturevalue(name)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


def work_off() -> None:
    with tasks.worker_app() as worker:
        worker.run_worker(queues=[outbox.QUEUE], wait=False, install_signal_handlers=False, listen_notify=False,
                          delete_jobs="successful")


def test_a_fact_is_heard_after_the_commit_by_each_handler(fresh_db):
    outbox.subscribe(ThingHappened, hear)
    with transaction.atomic():
        outbox.publish(ThingHappened(thing_id=7))
        assert heard == []
    assert queries.backlog().waiting == 1
    work_off()
    assert heard == [7]
    assert queries.backlog().waiting == 0


def test_who_watches_hears_ahead_of_all_that_waits(fresh_db):
    order: list[str] = []

    def write_down(event: ThingHappened) -> None:
        order.append(f"written {event.thing_id}")

    def show(event: ThingHappened) -> None:
        order.append(f"shown {event.thing_id}")

    outbox.subscribe(ThingHappened, write_down)
    outbox.subscribe(ThingHappened, show, ahead=True)
    outbox.publish_all([ThingHappened(thing_id=at) for at in range(6)])
    outbox.publish(ThingHappened(thing_id=6))
    with tasks.worker_app() as worker:
        worker.run_worker(queues=[outbox.QUEUE], wait=False, install_signal_handlers=False, listen_notify=False,
                          concurrency=1, delete_jobs="successful")
    assert order == [f"shown {at}" for at in range(7)] + [f"written {at}" for at in range(7)]


def test_a_fact_that_was_rolled_back_is_never_told(fresh_db):
    outbox.subscribe(ThingHappened, hear)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.publish(ThingHappened(thing_id=7))
        raise ZeroDivisionError
    work_off()
    assert heard == []


def test_one_failing_handler_keeps_no_other_from_hearing_and_is_tried_again(fresh_db):
    outbox.subscribe(ThingHappened, fail, hear)
    outbox.publish(ThingHappened(thing_id=8))
    work_off()
    assert heard == [8]
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, attempts, scheduled_at IS NOT NULL FROM procrastinate_jobs"
                       " WHERE task_name = 'outbox.deliver'")
        assert cursor.fetchall() == [("todo", 1, True)]


def test_what_failed_eight_times_is_a_dead_letter_that_can_be_seen(fresh_db):
    outbox.subscribe(ThingHappened, fail)
    outbox.publish(ThingHappened(thing_id=9))
    for _ in range(10):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        work_off()
    assert queries.backlog() == queries.Backlog(waiting=0, oldest_s=0.0, dead=1)


def test_an_event_nobody_listens_to_costs_nothing(db):
    outbox.publish(ThingHappened(thing_id=1))
    assert queries.backlog().waiting == 0


def test_a_job_for_a_handler_that_is_gone_does_not_vanish(db):
    with pytest.raises(LookupError):
        outbox.deliver("outbox.ThingHappened", "linli.nobody.handle", {"thing_id": 1})


WORKER = """
import os, sys, time, django
django.setup()
from dataclasses import dataclass
from linli.kernel.event import Event
from linli.outbox import actions, tasks

@dataclass(frozen=True, slots=True, kw_only=True)
class SlowThing(Event):
    thing_id: int

SlowThing.__module__ = "linli.test"

def handle(event):
    with open(sys.argv[1], "a") as out:
        out.write(f"{os.getpid()}\\n")
    if sys.argv[2] == "hang":
        time.sleep(600)

actions.subscribe(SlowThing, handle)
tasks.HEARTBEAT_S, tasks.STALLED_AFTER_S = 0.3, 1.0
if sys.argv[2] == "hang":
    actions.publish(SlowThing(thing_id=1))
else:
    time.sleep(1.5)
    tasks.sweep.defer(timestamp=0)
tasks.run_worker()
"""


@pytest.mark.durability
def test_a_job_whose_worker_was_killed_in_the_middle_is_delivered_again_within_a_minute(fresh_db, tmp_path):
    script, marks = tmp_path / "worker.py", tmp_path / "marks"
    script.write_text(WORKER)
    env = {**os.environ, "DATABASE_URL": fresh_db, "PYTHONPATH": "src"}

    errors = (tmp_path / "errors").open("w+")

    def start(mode: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, str(script), str(marks), mode], env=env, stderr=errors)

    def wait_for_marks(count: int, within_s: float) -> float:
        began = time.monotonic()
        while not marks.exists() or len(marks.read_text().splitlines()) < count:
            assert time.monotonic() - began < within_s, (tmp_path / "errors").read_text()[-3000:]
            time.sleep(0.2)
        return time.monotonic() - began

    with errors, start("hang") as first:
        try:
            wait_for_marks(1, 20)
        finally:
            first.send_signal(signal.SIGKILL)
        with start("serve") as second:
            try:
                wait_for_marks(2, 60)
            finally:
                second.kill()
