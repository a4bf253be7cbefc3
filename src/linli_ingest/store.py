"""The transaction (入库事务): what one batch came to, all of it or nothing, flushed before anyone is told."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray

from linli.sensing.domain.refusal import Refusal
from linli.sensing.domain.threshold_batch import Verdict
from linli_ingest import copying, flow
from linli_ingest.batch import Batch
from linli_ingest.columns import Columns, Intake, Refusing, Status
from linli_ingest.feed import STREAM, Feed, Position
from linli_ingest.numbering import Answers
from linli_ingest.partitions import Partitions
from linli_ingest.parts import Refused
from linli_ingest.quarantine import Quarantine, gathered
from linli_ingest.registry import Registry

LOCK: Final = 0x6C696E6C69  # one ingest at a time writes to a database
OPTIONS: Final = "-c synchronous_commit=on -c timezone=UTC -c application_name=linli_ingest"

_STAGED: Final = """
    CREATE TEMP TABLE IF NOT EXISTS staged
      (place int4, datastream int4, ts timestamptz, value float8, flags int2) ON COMMIT DELETE ROWS
"""
_COPY_OBSERVATIONS: Final = "COPY observation (datastream, ts, value, flags) FROM STDIN (FORMAT BINARY)"
_COPY_STAGED: Final = "COPY staged (place, datastream, ts, value, flags) FROM STDIN (FORMAT BINARY)"
_COPY_EXCEEDANCES: Final = (
    "COPY exceedance (datastream, rule_id, rule_version, ts, level_from, level_to, value) FROM STDIN (FORMAT BINARY)"
)
_TAKE_STAGED: Final = """
    WITH taken AS (
      INSERT INTO observation (datastream, ts, value, flags)
      SELECT datastream, ts, value, flags FROM staged ORDER BY place
      ON CONFLICT (datastream, ts) DO NOTHING RETURNING datastream, ts)
    SELECT s.place FROM staged s JOIN taken USING (datastream, ts)
"""
_CONFLICTS: Final = """
    SELECT s.place, o.value FROM staged s JOIN observation o ON o.datastream = s.datastream AND o.ts = s.ts
    WHERE o.value <> s.value ORDER BY s.place
"""
_TELL: Final = "SELECT pg_notify('linli_exceedance', '')"
_STATES: Final = """
    INSERT INTO rule_state (datastream, rule_id, rule_version, levels_on, pending)
    SELECT w.datastream, w.rule_id, w.rule_version, w.levels_on, ARRAY[w.blue, w.yellow, w.orange, w.red]
    FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::int2[], %s::int8[], %s::int8[], %s::int8[], %s::int8[])
      AS w (datastream, rule_id, rule_version, levels_on, blue, yellow, orange, red)
    ON CONFLICT (datastream) DO UPDATE SET rule_id = excluded.rule_id, rule_version = excluded.rule_version,
      levels_on = excluded.levels_on, pending = excluded.pending
"""
_RECEIPTS: Final = """
    INSERT INTO receipt (device, session, acked_n)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::int8[])
    ON CONFLICT (device, session) DO UPDATE SET acked_n = excluded.acked_n, at = clock_timestamp()
"""
_FORGET: Final = "DELETE FROM receipt WHERE (device, session) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"
_STATUSES: Final = """
    INSERT INTO device_status (device, seen_at, messages, unnumbered, status, status_at)
    SELECT w.device, w.at, 0, 0, w.status, w.at FROM (
      SELECT device, status, 'epoch'::timestamptz + us * interval '1 microsecond' AS at
      FROM unnest(%s::text[], %s::jsonb[], %s::int8[]) AS u (device, status, us)) w
    ON CONFLICT (device) DO UPDATE SET status = excluded.status, status_at = excluded.status_at
"""
_CURSOR: Final = """
    INSERT INTO ingest_cursor (stream, created, seq, seq_ns) VALUES (%s, %s, %s, %s)
    ON CONFLICT (stream) DO UPDATE SET created = excluded.created, seq = excluded.seq, seq_ns = excluded.seq_ns,
      at = clock_timestamp()
"""
_POSITION: Final = "SELECT created, seq, seq_ns FROM ingest_cursor WHERE stream = %s"


class Written(NamedTuple):
    """What came of writing readings (写入结果).

    Attributes:
        refused: readings that contradict what is stored.
        fresh: the message of each reading that was not stored before, in no order.
    """

    refused: list[Refusing]
    fresh: NDArray[np.int64]


class Store:
    """The one connection that writes what ingest owns."""

    def __init__(self, url: str) -> None:
        self.line: psycopg.Connection[Any] = psycopg.connect(url, options=OPTIONS, connect_timeout=5)
        self.line.execute(_STAGED)

    def close(self) -> None:
        """End the connection."""
        self.line.close()

    def is_alone(self) -> bool:
        """Return whether this process may write: it holds the lock that only one can hold (独占写入).

        What is remembered of the tables is read only then: until then another one changed them.
        """
        row = self.line.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        self.line.commit()
        if not (row and row[0]):
            return False
        self.look_again()
        return True

    def look_again(self) -> None:
        """Read anew what is remembered of the tables: an operator may have dropped an old partition (重读表况)."""
        self.partitions = Partitions(self.line)
        self.quarantine = Quarantine(self.line)

    def position(self) -> Position:
        """Return where reading goes on (读游标)."""
        row = self.line.execute(_POSITION, [STREAM]).fetchone()
        self.line.commit()
        return Position(*row) if row else Position()

    def write_readings(
        self, readings: Columns, verdict: Verdict, registry: Registry, *, staged: bool
    ) -> Written:
        """Write readings and changes of level (写入读数).

        Args:
            staged: take no reading for new, compare each with what is stored.
        """
        with self.line.cursor() as cursor:
            written = self._observations(cursor, readings, verdict.newer & (not staged), registry)
            _write_exceedances(cursor, readings, verdict, registry)
            return written

    def write_rest(
        self, batch: Batch, intake: Intake, refused: list[Refusing], answers: Answers, registry: Registry,
        *, families: Mapping[str, list[int]] | None,
    ) -> None:  # fmt: skip
        """Write rule states, receipts, statuses and what was refused; none of it needs an answer (写入其余).

        Args:
            families: what the messages came to, None if they were counted when they first came.
        """
        with self.line.cursor() as cursor:
            _write_states(cursor, registry)
            _write_receipts(cursor, answers)
            _write_statuses(cursor, batch, intake.statuses)
            if refused:
                self.quarantine.write(cursor, gathered(batch, refused), counted=families is not None)
            if families:
                flow.write(cursor, families)

    def in_one_go(self) -> AbstractContextManager[object]:
        """Send the statements within without waiting for each answer; any error comes out at the end (流水发送)."""
        return self.line.pipeline()

    def move_cursor(self, feed: Feed, batch: Batch) -> None:
        """Note the batch's last message as done (推进游标)."""
        last = batch.token(len(batch) - 1)
        with self.line.cursor() as cursor:
            cursor.execute(_CURSOR, [STREAM, feed.created, last.seq, last.arrived_ns])
            flow.write_passed(cursor, STREAM, last.seq - (feed.done_to or batch.token(0).seq - 1))

    def commit(self) -> None:
        """Return when everything written is flushed to disk (提交)."""
        self.line.commit()

    def _observations(
        self, cursor: psycopg.Cursor[Any], readings: Columns, is_newer: NDArray[np.bool_], registry: Registry
    ) -> Written:
        """Write readings by their lane."""
        newer, older = readings.only(is_newer), readings.only(~is_newer)
        if len(newer):
            copying.copy(cursor, _COPY_OBSERVATIONS, _observation_columns(newer.side_by_side(), registry))
        if not len(older):
            return Written([], newer.messages)
        places = np.arange(len(older), dtype=np.int32)
        copying.copy(cursor, _COPY_STAGED, [places, *_observation_columns(older, registry)])
        taken = [place for place, in cursor.execute(_TAKE_STAGED).fetchall()]
        refused = [_conflict(older, place, stored) for place, stored in cursor.execute(_CONFLICTS).fetchall()]
        return Written(refused, np.concatenate([newer.messages, older.messages[taken]]))


def _observation_columns(readings: Columns, registry: Registry) -> list[Any]:
    return [registry.datastreams[readings.slots], copying.database_time(readings.at_us), readings.values,
            readings.flags]  # fmt: skip


def _conflict(readings: Columns, place: int, stored: float) -> Refusing:
    detail = f"{readings.values[place]} where {stored} is stored"
    return Refusing(int(readings.messages[place]), Refused(Refusal.CONFLICT, detail))


def _write_exceedances(cursor: psycopg.Cursor[Any], readings: Columns, verdict: Verdict, registry: Registry) -> None:
    if not len(verdict.rows):
        return
    changed = readings.only(verdict.rows)
    rules = [registry.rules[row] for row in registry.streams.rule[changed.slots]]
    copying.copy(cursor, _COPY_EXCEEDANCES, [
        registry.datastreams[changed.slots], np.array([rule.id for rule in rules], np.int32),
        np.array([rule.version for rule in rules], np.int32), copying.database_time(changed.at_us),
        verdict.level_from, verdict.level_to, changed.values,
    ])  # fmt: skip
    cursor.execute(_TELL)


def _write_states(cursor: psycopg.Cursor[Any], registry: Registry) -> None:
    streams = registry.streams
    slots = np.flatnonzero(streams.changed)
    if not len(slots):
        return
    rules = [registry.rules[row] for row in streams.rule[slots]]
    pending = streams.pending[slots]
    cursor.execute(_STATES, [
        registry.datastreams[slots].tolist(), [rule.id for rule in rules], [rule.version for rule in rules],
        streams.on[slots].tolist(), *(pending[:, level].tolist() for level in range(pending.shape[1])),
    ])  # fmt: skip
    streams.changed[slots] = False


def _write_receipts(cursor: psycopg.Cursor[Any], answers: Answers) -> None:
    if answers.moved:
        codes, sessions = zip(*((device.code, session) for device, session in answers.moved), strict=True)
        cursor.execute(_RECEIPTS, [list(codes), list(sessions), list(answers.moved.values())])
    if answers.forgotten:
        cursor.execute(_FORGET, [list(column) for column in zip(
            *((device.code, session) for device, session in answers.forgotten), strict=True)])  # fmt: skip


def _write_statuses(cursor: psycopg.Cursor[Any], batch: Batch, statuses: Sequence[Status]) -> None:
    last = {status.device.code: status for status in statuses}
    if last:
        codes = sorted(last)
        cursor.execute(_STATUSES, [codes, [last[code].text for code in codes],
                                   [batch.token(last[code].message).arrived_us for code in codes]])  # fmt: skip
