"""Who was heard how often (设备计数); kept in memory and added to the table every few seconds."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
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


class Tally:
    """Messages and unnumbered messages of adopted devices since the last writing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: Counter[str] = Counter()
        self._numbered: Counter[str] = Counter()
        self._seen_us: dict[str, int] = {}

    def add(self, batch: Batch, devices: Mapping[bytes, Device], numbered: Iterable[Numbered]) -> None:
        """Count a committed batch's telemetry (计数)."""
        seen_us = batch.token(len(batch) - 1).arrived_us
        heard = Counter(device.code for device in map(devices.get, batch.subjects) if device is not None)
        counted = Counter(code for _, code in {(number.message, number.device.code) for number in numbered})
        with self._lock:
            self._messages.update(heard)
            self._numbered.update(counted)
            self._seen_us.update(dict.fromkeys(heard, seen_us))

    def write(self, line: psycopg.Connection[Any]) -> None:
        """Add the counts to the table, in a transaction of their own (写入计数)."""
        with self._lock:
            messages, self._messages = self._messages, Counter()
            numbered, self._numbered = self._numbered, Counter()
            seen_us, self._seen_us = self._seen_us, {}
        if messages:
            codes = sorted(messages)
            with line.transaction():
                line.execute(_ADD, [codes, [seen_us[code] for code in codes], [messages[code] for code in codes],
                                    [messages[code] - numbered[code] for code in codes]])  # fmt: skip
