"""The side thread (旁路线程): newest and late values, counts, the quarantine's ring, the heartbeat, registry news."""

import logging
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import psycopg

from linli_ingest import quarantine
from linli_ingest.late import LateReadings
from linli_ingest.newest import NewestReadings
from linli_ingest.tally import Tally

log = logging.getLogger(__name__)

EVERY_S: Final = 1.0
BREATH_S: Final = 0.05  # between two slices of latest values
LOOK_EVERY: Final = 5
LAG_LIMIT_S: Final = 10.0
LONGEST_PAUSE_S: Final = 5.0
STUCK_AFTER_S: Final = 60.0  # longer than the longest batch that waits for a disk
OPTIONS: Final = "-c timezone=UTC -c application_name=linli_ingest_side"

_FINGERPRINT: Final = """
    SELECT (SELECT sum(hashtext(xmin::text || ':' || id)) FROM sensing_thing),
           (SELECT sum(hashtext(xmin::text || ':' || id)) FROM sensing_datastream),
           (SELECT sum(hashtext(xmin::text || ':' || id)) FROM sensing_rule),
           (SELECT max(id) FROM replay_request WHERE done_at IS NULL)
"""
_BEAT: Final = """
    INSERT INTO metrics_heartbeat (part, at, lag_s, limit_s, note) VALUES ('ingest', clock_timestamp(), %s, %s, %s)
    ON CONFLICT (part) DO UPDATE SET at = excluded.at, lag_s = excluded.lag_s, limit_s = excluded.limit_s,
      note = excluded.note
"""


class Keeper:
    """What need not be in the transaction, on a connection of its own.

    Attributes:
        newest, late, tally: filled by the main thread after each commit.
        news: set when the registry, a rule or a replay request may have changed.
    """

    def __init__(self, url: str) -> None:
        self.newest = NewestReadings()
        self.late = LateReadings()
        self.tally = Tally()
        self.news = threading.Event()
        self._url = url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._refused: set[str] = set()
        self._level_at = self._turned_at = time.monotonic()
        self._note = "starting"

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left and end."""
        self._stop.set()
        self._thread.join(timeout=5)

    def turn(self) -> None:
        """Note that the main thread goes round: without that there is no sign of life (主循环转动)."""
        self._turned_at = time.monotonic()

    def level(self) -> None:
        """Note that everything the stream holds is stored (已追平)."""
        self._level_at, self._note = time.monotonic(), ""

    def behind(self, note: str) -> None:
        """Note why not everything is stored yet."""
        self._note = note

    def refused(self, devices: Iterable[str]) -> None:
        """Note senders whose ring in the quarantine has grown."""
        self._refused.update(devices)

    def _run(self) -> None:
        pause_s = 0.1
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True, options=OPTIONS, connect_timeout=5) as line:
                    line.execute("LISTEN linli_registry")
                    self.news.set()
                    pause_s = 0.1
                    self._keep(line)
            except Exception as error:
                log.warning("side thread: %s", error, exc_info=not isinstance(error, psycopg.OperationalError))
                self._stop.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _keep(self, line: psycopg.Connection[Any]) -> None:
        known, round_ = None, 0
        while True:
            last, began_at = self._stop.is_set(), time.monotonic()
            for _ in self.newest.show(line):
                self._hear(line, 0.0 if last else BREATH_S)
            self.late.write(line)
            if round_ % LOOK_EVERY == 0 or last:
                self.tally.write(line)
                found = line.execute(_FINGERPRINT).fetchone()
                if found != known:
                    known = found
                    self.news.set()
            self._trim(line)
            self._beat(line, began_at)
            if last:
                return
            self._sleep(line)
            round_ += 1

    def _trim(self, line: psycopg.Connection[Any]) -> None:
        if self._refused:
            devices, self._refused = self._refused, set()
            quarantine.trim(line, devices)

    def _beat(self, line: psycopg.Connection[Any], shown_at: float) -> None:
        """Say that ingest lives (心跳), and how long ago all that had come was stored and shown."""
        now = time.monotonic()
        if now - self._turned_at > STUCK_AFTER_S:
            return
        lag_s = now - min(self._level_at, shown_at)
        line.execute(_BEAT, [round(lag_s, 3), LAG_LIMIT_S, self._note[:200]])

    def _sleep(self, line: psycopg.Connection[Any]) -> None:
        """Wait for the next round, passing on at once what is heard of the registry."""
        until = time.monotonic() + EVERY_S
        while (left := until - time.monotonic()) > 0 and not self._stop.is_set():
            self._hear(line, min(left, 0.25))

    def _hear(self, line: psycopg.Connection[Any], wait_s: float) -> None:
        for _ in line.notifies(timeout=wait_s, stop_after=1):
            self.news.set()
