"""The newest reading of each datastream on its way to the table of latest values (最新值)."""

import threading
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray

from linli_ingest import copying
from linli_ingest.columns import Columns
from linli_ingest.registry import Registry

SLICES: Final = 10
LEAST_SLICE: Final = 250

_WAITING: Final = """
    CREATE TEMP TABLE IF NOT EXISTS newest (datastream int4, ts timestamptz, value float8, arrived_at timestamptz)
      ON COMMIT DELETE ROWS
"""
_COPY: Final = "COPY newest (datastream, ts, value, arrived_at) FROM STDIN (FORMAT BINARY)"
_TAKE: Final = """
    INSERT INTO latest AS l SELECT * FROM newest ORDER BY datastream
    ON CONFLICT (datastream) DO UPDATE SET ts = excluded.ts, value = excluded.value, arrived_at = excluded.arrived_at
    WHERE excluded.ts > l.ts
"""


class NewestReadings:
    """Committed readings, by slot, that `latest` does not show yet; written by one thread, taken by another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._datastreams = np.empty(0, np.int32)
        self._at_us = self._arrived_us = np.empty(0, np.int64)
        self._values = np.empty(0, np.float64)
        self._waiting = np.empty(0, np.bool_)

    def follow(self, registry: Registry) -> None:
        """Make room for the registry's datastreams and take what it found unshown (跟随登记)."""
        size, known = len(registry.datastreams), len(self._datastreams)
        with self._lock:
            if not np.array_equal(self._datastreams, registry.datastreams[:known]):
                known = 0  # slots were dealt anew; what was waiting is among the unshown
            self._datastreams = registry.datastreams
            for name in ("_at_us", "_arrived_us", "_values", "_waiting"):
                old = getattr(self, name)
                grown = np.zeros(size, old.dtype)
                grown[:known] = old[:known]
                setattr(self, name, grown)
            for slot, at_us, value in registry.unshown:
                self._at_us[slot], self._values[slot], self._arrived_us[slot] = at_us, value, at_us
                self._waiting[slot] = True

    def put(self, newer: Columns, arrived_us: int) -> None:
        """Note committed readings, each newer than all before in its datastream; of several the last stays."""
        with self._lock:
            self._at_us[newer.slots] = newer.at_us
            self._values[newer.slots] = newer.values
            self._arrived_us[newer.slots] = arrived_us
            self._waiting[newer.slots] = True

    def show(self, line: psycopg.Connection[Any]) -> Iterator[None]:
        """Write what waits into `latest`, slice by slice, and yield between them (分批刷新最新值).

        In one go it would hold up the batches that are committed at the same moment.
        """
        with self._lock:
            waiting = np.flatnonzero(self._waiting)
        size = max(LEAST_SLICE, -(-len(waiting) // SLICES))
        for at in range(0, len(waiting), size):
            self._show(line, waiting[at : at + size])
            yield

    def _show(self, line: psycopg.Connection[Any], slots: NDArray[np.int64]) -> None:
        with self._lock:
            slots = slots[slots < len(self._waiting)]  # the registry may have been read anew meanwhile
            slots = slots[self._waiting[slots]]
            columns: list[NDArray[Any]] = [
                self._datastreams[slots], copying.database_time(self._at_us[slots]), self._values[slots],
                copying.database_time(self._arrived_us[slots]),
            ]  # fmt: skip
            self._waiting[slots] = False
        if not len(slots):
            return
        try:
            with line.transaction(), line.cursor() as cursor:
                cursor.execute(_WAITING)
                copying.copy(cursor, _COPY, columns)
                cursor.execute(_TAKE)
        except psycopg.Error:
            with self._lock:
                self._waiting[slots] = True
            raise
