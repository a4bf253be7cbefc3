"""Who was heard how often (设备计数); kept in memory and added to the table every few seconds."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import psycopg

from linli_ingest.batch import Batch
from linli_ingest.columns import Numbered
from linli_ingest.device import Device

_ADD: Final = """
    INSERT INTO device_status AS s (device, seen_at, messages, unnumbered)
    SELECT w.device, 'epoch'::timestamptz + w.seen_us * interval '1 microsecond', w.messages, w.unnumbered
    FROM unnest(%s::text[], %s::int8[], %s::int8[], %s::int8[]) AS w (device, seen_us, messages, unnumbered)
    ON CONFLICT (device) DO UPDATE SET seen_at = greatest(s.seen_at, excluded.seen_at),
      messages = s.messages + excluded.messages, unnumbered = s.unnumbered + excluded.unnumbered
"""


@dataclass(slots=True)
class Count:
    """What was heard of one device."""

    messages: int = 0
    numbered: int = 0
    seen_us: int = 0


class Tally:
    """Messages and unnumbered messages of adopted devices since the last writing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, Count] = {}

    def add(self, batch: Batch, devices: Mapping[bytes, Device], numbered: Iterable[Numbered]) -> None:
        """Count a committed batch's telemetry (计数)."""
        seen_us = batch.token(len(batch) - 1).arrived_us
        heard = Counter(map(devices.get, batch.subjects))
        counted = Counter(map(itemgetter(1), set(map(itemgetter(0, 1), numbered))))
        with self._lock:
            for device, messages in heard.items():
                if device is not None:
                    count = self._counts.setdefault(device.code, Count())
                    count.messages += messages
                    count.numbered += counted[device]
                    count.seen_us = seen_us

    def write(self, line: psycopg.Connection[Any]) -> None:
        """Add the counts to the table, in a transaction of their own (写入计数)."""
        with self._lock:
            counts, self._counts = self._counts, {}
        if counts:
            found = [counts[code] for code in sorted(counts)]
            with line.transaction():
                line.execute(_ADD, [sorted(counts), [count.seen_us for count in found],
                                    [count.messages for count in found],
                                    [count.messages - count.numbered for count in found]])  # fmt: skip
