"""Readings that come although a newer one is stored (迟到读数): a device that sends only such speaks all the same."""

import threading
from typing import Any, Final

import psycopg

from linli_ingest.batch import Batch
from linli_ingest.columns import Columns
from linli_ingest.registry import Registry

_TAKE: Final = """
    INSERT INTO late_arrival AS l (datastream, arrived_at, ts)
    SELECT w.datastream, 'epoch'::timestamptz + w.arrived_us * interval '1 microsecond',
           'epoch'::timestamptz + w.at_us * interval '1 microsecond'
    FROM unnest(%s::int4[], %s::int8[], %s::int8[]) AS w (datastream, arrived_us, at_us)
    ON CONFLICT (datastream) DO UPDATE SET arrived_at = excluded.arrived_at, ts = excluded.ts
    WHERE excluded.arrived_at > l.arrived_at
"""


class LateReadings:
    """The last late reading of each datastream since the last writing; filled by one thread, written by another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[int, tuple[int, int]] = {}

    def put(self, late: Columns, batch: Batch, registry: Registry) -> None:
        """Note committed late readings, each with its own message's arrival; of several the last stays."""
        arrived_us = {message: batch.token(message).arrived_us for message in set(late.messages.tolist())}
        came = [(arrived_us[message], at_us) for message, at_us in
                zip(late.messages.tolist(), late.at_us.tolist(), strict=True)]  # fmt: skip
        with self._lock:
            self._last.update(zip(registry.datastreams[late.slots].tolist(), came, strict=True))

    def write(self, line: psycopg.Connection[Any]) -> None:
        """Write what waits, in a transaction of its own (写入迟到读数)."""
        with self._lock:
            last, self._last = self._last, {}
        if not last:
            return
        rows = sorted((datastream, *came) for datastream, came in last.items())
        try:
            with line.transaction():
                line.execute(_TAKE, [list(column) for column in zip(*rows, strict=True)])
        except psycopg.Error:
            with self._lock:
                self._last = last | self._last
            raise
