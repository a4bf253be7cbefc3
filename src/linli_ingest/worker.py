"""The loop (接入主循环): gather, read, judge, write, commit, tell; after any loss, begin again from what is stored."""

import gc
import logging
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

import numpy as np
import psycopg
from numpy.typing import NDArray

from linli.kernel import clock
from linli.sensing.domain import threshold_batch
from linli.sensing.domain.refusal import Refusal
from linli_ingest import flow, numbering, registry, replaying
from linli_ingest.batch import Batch, device_of
from linli_ingest.columns import Columns, Intake, Refusing
from linli_ingest.feed import Feed
from linli_ingest.intake import take_in
from linli_ingest.keeper import Keeper
from linli_ingest.parts import Refused, brief
from linli_ingest.registry import Registry
from linli_ingest.replaying import Replay
from linli_ingest.stopwatch import Stopwatch
from linli_ingest.store import Store
from linli_ingest.wire import LineLost

log = logging.getLogger(__name__)

LARGEST_BATCH: Final = 30_000
WAIT_S: Final = 0.2
FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 5.0
ALONE_EVERY_S: Final = 1.0
TIDY_EVERY_S: Final = 60.0


class Worker:
    """Turns the stream into stored rows until told to stop.

    Args:
        database_url, nats_url: where; the role is `linli_ingest`.
        stop: set from outside to end after the batch in hand.
    """

    def __init__(self, database_url: str, nats_url: str, stop: threading.Event) -> None:
        self.watch = Stopwatch()
        self.messages = self.readings = self.batches = 0
        self._database_url, self._nats_url, self._stop = database_url, nats_url, stop
        self._keeper = Keeper(database_url)

    def run(self) -> None:
        """Work, and come back after every loss of a server, waiting longer each time (断线重来)."""
        self._keeper.start()
        sys.setswitchinterval(0.0005)  # the side thread must not hold up a batch for the usual 5 ms
        gc.disable()  # the path makes no cycles, and looking for them took a third of its time
        pause_s = FIRST_PAUSE_S
        while not self._stop.is_set():
            done = self.messages
            self._keeper.turn()
            try:
                self._session()
            except (LineLost, psycopg.OperationalError, psycopg.InterfaceError) as error:
                log.warning("begin again: %s", error)
                self._keeper.behind(f"waiting: {brief(error)}")
                pause_s = FIRST_PAUSE_S if self.messages > done else min(2 * pause_s, LONGEST_PAUSE_S)
                self._stop.wait(pause_s)
        self._keeper.stop()

    def _session(self) -> None:
        store = Store(self._database_url)
        try:
            while not store.is_alone():
                self._keeper.turn()
                self._keeper.behind("another ingest is at work")
                if self._stop.wait(ALONE_EVERY_S):
                    return
            feed = Feed(self._nats_url)
            try:
                feed.open(store.position())
                _Session(self, store, feed).run(self._stop)
            finally:
                feed.close()
        finally:
            store.close()

    @property
    def keeper(self) -> Keeper:
        """The side thread, to be told what was committed."""
        return self._keeper


class _Session:
    """One stretch of work on one pair of connections."""

    def __init__(self, worker: Worker, store: Store, feed: Feed) -> None:
        self.worker, self.store, self.feed = worker, store, feed
        self.watch, self.keeper = worker.watch, worker.keeper
        self.registry = Registry()
        self._tidied_at = time.monotonic()

    def run(self, stop: threading.Event) -> None:
        self._reload(None)
        gc.freeze()
        while not stop.is_set():
            self.keeper.turn()
            self._tidy()
            if self.keeper.news.is_set():
                self.keeper.news.clear()
                self._reload(self.registry)
                self._replay()
            self.watch.lap("registry")
            self.feed.wait(WAIT_S)
            self.watch.lap("wait")
            batch = self.feed.gather(LARGEST_BATCH)
            self.watch.lap("pull")
            if len(batch):
                self._take(batch)
            if self.feed.waiting:
                self.keeper.behind(f"{self.feed.waiting} messages behind")
            else:
                self.keeper.level()

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied_at > TIDY_EVERY_S:
            gc.collect()
            self._tidied_at = time.monotonic()

    def _take(self, batch: Batch, *, staged: bool = False) -> None:
        """Store a batch; if it cannot be, its messages one by one, and set aside the one that cannot (兜底)."""
        try:
            self._store(batch, staged)
        except (LineLost, psycopg.OperationalError, psycopg.InterfaceError):
            raise
        except Exception as error:
            log.exception("a batch of %d messages could not be stored", len(batch))
            self.store.line.rollback()
            self.store.look_again()
            self._reload(None)
            if len(batch) == 1 and staged:
                self._set_aside(batch, error)
                return
            while len(batch):
                self._take(batch.cut(1), staged=True)

    def _store(self, batch: Batch, staged: bool) -> None:
        intake = take_in(batch, self.registry.devices)
        if self._has_fresh_devices(batch, intake):
            self._reload(self.registry)
            intake = take_in(batch, self.registry.devices)
        self.watch.lap("decode")
        self.store.partitions.provide(intake.readings.at_us)
        self._commit_in_order(batch, intake, staged=staged)
        self.worker.messages += len(batch)

    def _has_fresh_devices(self, batch: Batch, intake: Intake) -> bool:
        strangers = {device_of(batch.subjects[at]) for at, refused in intake.refused
                     if refused.reason is Refusal.UNKNOWN_DEVICE}  # fmt: skip
        return bool(strangers) and registry.knows_any(self.store.line, sorted(strangers))

    def _commit_in_order(self, batch: Batch, intake: Intake, *, staged: bool = False) -> None:
        """Commit what the stream gave, and with it how far that goes."""
        self._commit(batch, intake, lambda _: self.store.move_cursor(self.feed, batch), staged=staged)
        self.feed.done_to = batch.token(len(batch) - 1).seq

    def _commit(
        self, batch: Batch, intake: Intake, finish: Callable[[list[Refusing]], None], *,
        counted: bool = True, staged: bool = False,
    ) -> None:  # fmt: skip
        """Judge and write what a batch came to, commit, and only then tell anybody (判定、入库、告知).

        Args:
            finish: what else belongs to the transaction, given all that was refused.
            counted, staged: see `Store`.
        """
        readings, streams = intake.readings, self.registry.streams
        verdict = threshold_batch.evaluate(
            streams, self.registry.marks, readings.slots, readings.at_us, readings.values
        )
        answers = numbering.advance(intake.numbered)
        self.watch.lap("rules")
        written = self.store.write_readings(readings, verdict, self.registry, staged=staged)
        refused = intake.refused + written.refused
        self.watch.lap("copy")
        families = None
        if counted:
            outcomes = flow.outcomes(batch, intake, refused, written.fresh)
            families = flow.by_family(batch, self.registry.devices, outcomes)
        with self.store.in_one_go():
            self.store.write_rest(batch, intake, refused, answers, self.registry, families=families)
            finish(refused)
            self.store.commit()
        self.watch.lap("commit")
        self.feed.wire.send(numbering.messages(answers))
        self._tell_keeper(batch, intake, verdict.newer, refused)
        self.worker.batches += 1
        self.worker.readings += len(readings)
        self.watch.lap("tell")

    def _tell_keeper(
        self, batch: Batch, intake: Intake, is_newer: NDArray[np.bool_], refused: list[Refusing]
    ) -> None:  # fmt: skip
        self.keeper.newest.put(intake.readings.only(is_newer), batch.token(len(batch) - 1).arrived_us)
        if not is_newer.all():
            self.keeper.late.put(intake.readings.only(~is_newer), batch, self.registry)
        self.keeper.tally.add(batch, self.registry.devices, intake.numbered)
        self.keeper.refused(device_of(batch.subjects[at]) for at, _ in refused)

    def _set_aside(self, batch: Batch, error: Exception) -> None:
        """Keep a message that no care could store, so that the stream goes on (搁置)."""
        refused = [Refusing(0, Refused(Refusal.FAILED, brief(f"{type(error).__name__}: {error}")))]
        intake = Intake(Columns.of([], []), refused=refused)
        self._commit_in_order(batch, intake)

    def _reload(self, before: Registry | None) -> None:
        self.registry = registry.load(self.store.line, before)
        self.keeper.newest.follow(self.registry)

    def _replay(self) -> None:
        while (replay := replaying.next_replay(self.store.line)) is not None:
            try:
                self._answer(replay)
            except (LineLost, psycopg.OperationalError, psycopg.InterfaceError):
                raise
            except Exception:
                log.exception("replay request %d could not be answered", replay.request)
                self.store.line.rollback()
                self._reload(None)
                replaying.done(self.store.line, replay, len(replay.batch))
                self.store.commit()
        self.store.commit()

    def _answer(self, replay: Replay) -> None:
        """Store what is held of a device as if it came now, but with its own arrival times."""
        if not len(replay.batch):
            replaying.done(self.store.line, replay, 0)
            self.store.commit()
            return
        intake = take_in(replay.batch, self.registry.devices, int(clock.now().timestamp() * 1e6))
        self.store.line.rollback()
        self.store.partitions.provide(intake.readings.at_us)
        replaying.let_go(self.store.line, replay)

        def answer(refused: list[Refusing]) -> None:
            replaying.done(self.store.line, replay, len({at for at, _ in refused}))

        self._commit(replay.batch, intake, answer, counted=False)
