"""What was refused (隔离): kept as a ring, counted for ever."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from linli_ingest.batch import Batch, device_of
from linli_ingest.columns import Refusing

KEPT_PER_DEVICE: Final = 500
KEPT_IN_ALL: Final = 50_000
KEPT_BYTES: Final = 4096
STRANGERS_COUNTED: Final = 2_000
LONGEST_NAME: Final = 100

_INSERT: Final = """
    INSERT INTO quarantine (device, kind, reason, detail, refused, payload, payload_bytes, arrived_at, stream_seq)
    SELECT w.device, w.kind, w.reason, w.detail, w.refused, w.payload, w.payload_bytes,
           'epoch'::timestamptz + w.arrived_us * interval '1 microsecond', w.seq
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::int4[], %s::bytea[], %s::int4[],
                %s::int8[], %s::int8[])
      AS w (device, kind, reason, detail, refused, payload, payload_bytes, arrived_us, seq)
    ON CONFLICT (stream_seq, arrived_at, reason) DO UPDATE SET detail = excluded.detail, replayed_at = NULL
"""
_COUNT: Final = """
    INSERT INTO quarantine_count AS c (device, reason, count, last_at)
    SELECT w.device, w.reason, w.count, clock_timestamp() FROM unnest(%s::text[], %s::text[], %s::int8[])
      AS w (device, reason, count)
    ON CONFLICT (device, reason) DO UPDATE SET count = c.count + excluded.count, last_at = excluded.last_at
"""
_TRIM_DEVICES: Final = """
    DELETE FROM quarantine WHERE id IN (
      SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY device ORDER BY id DESC) AS place
                      FROM quarantine WHERE device = ANY(%s)) ranked WHERE place > %s)
"""
_TRIM_ALL: Final = "DELETE FROM quarantine WHERE id <= (SELECT id FROM quarantine ORDER BY id DESC OFFSET %s LIMIT 1)"


@dataclass(slots=True)
class Held:
    """One message that was refused for one reason, any number of its parts."""

    device: str
    kind: str
    reason: str
    detail: str
    refused: int
    payload: bytes
    payload_bytes: int
    arrived_us: int
    seq: int


def gathered(batch: Batch, refused: Iterable[Refusing]) -> list[Held]:
    """Return one row a message and reason, with the first detail (汇总拒收); payloads are cut."""
    held: dict[tuple[int, str], Held] = {}
    for at, (reason, detail) in refused:
        known = held.get((at, reason.value))
        if known:
            known.refused += 1
            continue
        subject, body, token = batch.subjects[at], batch.payloads[at], batch.token(at)
        held[at, reason.value] = Held(
            device_of(subject)[:LONGEST_NAME], subject[-1:].decode("ascii", "replace"), reason.value, detail, 1,
            body[:KEPT_BYTES], len(body), token.arrived_us, token.seq,
        )  # fmt: skip
    return list(held.values())


class Quarantine:
    """The writer of the ring and the counts; knows which strangers are counted by name already."""

    def __init__(self, line: psycopg.Connection[Any]) -> None:
        self._counted = {row[0] for row in line.execute("SELECT DISTINCT device FROM quarantine_count").fetchall()}
        line.commit()

    def write(self, cursor: psycopg.Cursor[Any], held: list[Held], counted: bool) -> None:
        """Keep and, unless they were counted when they first came, count refused messages (隔离入库)."""
        kept = _last_of_each(held)
        columns = zip(*((row.device, row.kind, row.reason, row.detail, row.refused, row.payload, row.payload_bytes,
                         row.arrived_us, row.seq) for row in kept), strict=True)  # fmt: skip
        cursor.execute(_INSERT, [list(column) for column in columns])
        if counted:
            counts = Counter((self._counting_name(row.device), row.reason) for row in held)
            cursor.execute(_COUNT, [[device for device, _ in counts], [reason for _, reason in counts],
                                    list(counts.values())])  # fmt: skip

    def _counting_name(self, device: str) -> str:
        """Beyond a number of names, strangers are counted together, so that invented names fill no table."""
        if device not in self._counted and len(self._counted) >= STRANGERS_COUNTED:
            return ""
        self._counted.add(device)
        return device


def trim(line: psycopg.Connection[Any], devices: Iterable[str]) -> None:
    """Let the ring forget its oldest rows, of these devices and over all (环形清理)."""
    line.execute(_TRIM_DEVICES, [list(devices), KEPT_PER_DEVICE])
    line.execute(_TRIM_ALL, [KEPT_IN_ALL])


def _last_of_each(held: list[Held]) -> list[Held]:
    places: Mapping[str, int] = Counter(row.device for row in held)
    if max(places.values()) <= KEPT_PER_DEVICE:
        return held
    left = Counter(places)
    kept = []
    for row in held:
        if left[row.device] <= KEPT_PER_DEVICE:
            kept.append(row)
        left[row.device] -= 1
    return kept
