"""Another connection that reads exceedances as soon as they are committed (见证连接)."""

import threading
import time
from typing import Any, Final, Self

import psycopg

_FRESH: Final = """
    SELECT id, (extract(epoch FROM ts) * 1000000)::int8 FROM exceedance WHERE id > %s ORDER BY id
"""
WAIT_S: Final = 0.2


class Witness:
    """Notes when each exceedance could first be read by somebody else than its writer.

    It is woken as the alerts worker is, by the notification that PostgreSQL passes on after the commit, then reads
    the rows, and only then looks at the clock: what it notes is never too early.

    Attributes:
        seen_ns: by time of the reading in microseconds, the moment in nanoseconds since 1970.
    """

    def __init__(self, url: str) -> None:
        self.seen_ns: dict[int, int] = {}
        self._line: psycopg.Connection[Any] = psycopg.connect(url, autocommit=True)
        self._line.execute("LISTEN linli_exceedance")
        row = self._line.execute("SELECT coalesce(max(id), 0) FROM exceedance").fetchone()
        self._last = int(row[0]) if row else 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="witness", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._line.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            if list(self._line.notifies(timeout=WAIT_S, stop_after=1)):  # first all of it: it holds the connection
                self._look()
        self._look()

    def _look(self) -> None:
        fresh = self._line.execute(_FRESH, [self._last]).fetchall()
        now_ns = time.time_ns()
        for self._last, at_us in fresh:
            self.seen_ns[at_us] = now_ns
