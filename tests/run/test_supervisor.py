import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from linli_run import supervisor as module
from linli_run.supervisor import Stopped, Supervisor
from linli_run.trouble import Trouble


class Fake:
    """A service whose life the test decides."""

    def __init__(self, name: str, journal: list[str]) -> None:
        self.name, self.journal = name, journal
        self.log = Path("/nonexistent.log")
        self.alive, self.ready, self.refusal = False, True, ""

    def begin(self) -> None:
        self.journal.append(f"begin {self.name}")
        if self.refusal:
            raise Trouble(self.refusal, "wait")
        self.alive = True

    def stop(self) -> None:
        self.journal.append(f"stop {self.name}")
        self.alive = False

    def running_pid(self) -> int | None:
        return 1 if self.alive else None

    def is_ready(self) -> bool:
        return self.alive and self.ready


class Bench:
    """A supervisor on a clock that moves only when told."""

    def __init__(self) -> None:
        self.now, self.journal = 0.0, []
        self.supervisor = Supervisor(lambda who, what: self.journal.append(f"{who}: {what}"), lambda: self.now)

    def fake(self, name: str) -> Fake:
        return Fake(name, self.journal)

    def pass_time(self, seconds: float, until: Callable[[], bool] = lambda: False) -> float:
        began = self.now
        while self.now - began < seconds and not until():
            self.now += 0.1
            self.supervisor.tend()
        return self.now - began


@pytest.fixture
def bench(monkeypatch) -> Bench:
    made = Bench()
    monkeypatch.setattr(module.time, "sleep", lambda seconds: None)
    return made


def test_a_part_that_dies_is_started_again_after_growing_pauses(bench):
    part = bench.fake("web")
    bench.supervisor.watch("web", part)
    pauses = []
    for _ in range(8):
        part.alive = False
        pauses.append(round(bench.pass_time(60, until=lambda: part.alive)))
    assert pauses == [1, 1, 2, 4, 8, 16, 30, 30]


def test_a_part_that_was_steady_is_started_again_at_once(bench):
    part = bench.fake("web")
    bench.supervisor.watch("web", part)
    for _ in range(5):
        part.alive = False
        bench.pass_time(60, until=lambda: part.alive)
    bench.pass_time(module.STEADY_AFTER_S + 1)
    part.alive = False
    assert bench.pass_time(60, until=lambda: part.alive) < 1


def test_a_restart_that_is_refused_is_told_and_tried_again(bench):
    part = bench.fake("postgres")
    bench.supervisor.watch("postgres", part)
    part.alive, part.refusal = False, "no space"
    bench.pass_time(2)
    part.refusal = ""
    bench.pass_time(10, until=lambda: part.alive)
    assert part.alive
    assert any("no space" in line for line in bench.journal)


def test_a_part_that_lives_but_does_not_work_for_a_minute_is_started_again(bench):
    part, works = bench.fake("ingest"), True
    bench.supervisor.watch("ingest", part, lambda: works)
    bench.pass_time(200)
    assert bench.journal.count("begin ingest") == 1
    works = False
    waited = bench.pass_time(200, until=lambda: bench.journal.count("begin ingest") == 2)
    assert abs(waited - module.HUNG_AFTER_S) < 2 * module.ASK_EVERY_S
    assert "ingest: lives but has not worked for 60 s, ending it" in bench.journal


@pytest.mark.parametrize("told", [None, True])
def test_a_part_that_works_or_cannot_be_asked_is_left_alone(bench, told):
    bench.supervisor.watch("ingest", bench.fake("ingest"), lambda: told)
    bench.pass_time(3 * module.HUNG_AFTER_S)
    assert bench.journal.count("begin ingest") == 1


def test_a_part_that_stumbles_and_works_again_is_left_alone(bench):
    bench.supervisor.watch("worker", bench.fake("worker"), lambda: bench.now % 50 > 10)
    bench.pass_time(5 * module.HUNG_AFTER_S)
    assert bench.journal.count("begin worker") == 1


def test_all_are_stopped_last_started_first(bench):
    for name in ("postgres", "nats", "web"):
        bench.supervisor.watch(name, bench.fake(name))
    bench.supervisor.stop()
    assert [line for line in bench.journal if line.startswith("stop")] == ["stop web", "stop nats", "stop postgres"]


def test_one_that_cannot_be_stopped_does_not_keep_the_others(bench, monkeypatch):
    for name in ("postgres", "web"):
        bench.supervisor.watch(name, bench.fake(name))
    monkeypatch.setattr(bench.supervisor.watched[1].service, "stop", lambda: (_ for _ in ()).throw(OSError("no")))
    bench.supervisor.stop()
    assert "stop postgres" in bench.journal


def test_bringing_up_waits_until_the_service_answers(bench):
    service = bench.fake("postgres")
    service.ready = False
    ticks = iter(range(100))

    def answer() -> bool:
        bench.now += 0.1
        return next(ticks) > 20

    service.is_ready = answer
    bench.supervisor.bring_up("postgres", service, 60, "DATABASE_URL")
    assert bench.journal == ["begin postgres", "postgres: ready after 2.1 s"]


def test_a_service_that_never_answers_is_a_trouble_naming_the_way_out(bench):
    service = bench.fake("nats")

    def never() -> bool:
        bench.now += 1
        return False

    service.is_ready = never
    with pytest.raises(Trouble, match="nats did not start") as caught:
        bench.supervisor.bring_up("nats", service, 10, "NATS_URL")
    assert "NATS_URL" in caught.value.remedy


def test_a_wish_to_stop_ends_every_wait(bench):
    service = bench.fake("nats")
    service.ready = False
    service.is_ready = lambda: signal.raise_signal(signal.SIGTERM) or False
    before = {sig: signal.getsignal(sig) for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    bench.supervisor.listen_to_signals()
    try:
        with pytest.raises(Stopped):
            bench.supervisor.bring_up("nats", service, 10, "NATS_URL")
    finally:
        for sig, handler in before.items():
            signal.signal(sig, handler)
