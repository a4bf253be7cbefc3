"""Builders of what ingest stores (读数): readings, changes of level, what a device said of itself, refused messages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from psycopg import Connection, connect

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # noon in Shanghai


@contextmanager
def ingesting(server) -> Iterator[Connection]:
    """Write as ingest does, into the test's own database; kept at the end."""
    with connect(server.url("linli_ingest", "linli_fresh"), autocommit=True) as line:
        line.execute("CREATE TABLE IF NOT EXISTS observation_rest PARTITION OF observation DEFAULT")
        line.execute("GRANT SELECT ON observation_rest TO linli_app")
        yield line


def measured(line: Connection, stream: int, readings: Sequence[tuple[datetime, float]], *, flags: int = 0) -> None:
    """Store readings, oldest first, the last one as the newest."""
    with line.cursor() as cursor:
        cursor.executemany("INSERT INTO observation VALUES (%s, %s, %s, %s)",
                           [(stream, at, value, flags) for at, value in readings])
        at, value = readings[-1]
        cursor.execute("INSERT INTO latest VALUES (%s, %s, %s, %s) ON CONFLICT (datastream) DO UPDATE SET"
                       " ts = excluded.ts, value = excluded.value", [stream, at, value, at])


def passed(line: Connection, stream: int, rule: int, changes: Sequence[tuple[datetime, int, int, float]]) -> None:
    """Store changes of level (moment, from, to, value), the last one as the present level."""
    with line.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO exceedance (datastream, rule_id, rule_version, ts, level_from, level_to, value)"
            " VALUES (%s, %s, 1, %s, %s, %s, %s)", [(stream, rule, *change) for change in changes])
        level = changes[-1][2]
        cursor.execute("INSERT INTO rule_state VALUES (%s, %s, 1, %s, '{}')",
                       [stream, rule, (1 << level) - 1])


def heard(line: Connection, device: str, at: datetime, *, messages: int = 1, unnumbered: int = 0,
          acked_n: int | None = None) -> None:
    """Store when a device was heard of, and its receipt if it numbers its messages."""
    line.execute("INSERT INTO device_status VALUES (%s, %s, %s, %s, NULL, NULL)", [device, at, messages, unnumbered])
    if acked_n is not None:
        line.execute("INSERT INTO receipt VALUES (%s, '', %s, %s)", [device, acked_n, at])


def refused(line: Connection, device: str, reason: str, payload: bytes, *, times: int = 1, detail: str = "",
            at: datetime = NOON) -> None:
    """Store a refused message and how often its like came."""
    line.execute(
        "INSERT INTO quarantine (device, kind, reason, detail, refused, payload, payload_bytes, arrived_at, stream_seq)"
        " VALUES (%s, 't', %s, %s, 1, %s, %s, %s, 1)", [device, reason, detail, payload, len(payload), at])
    line.execute("INSERT INTO quarantine_count VALUES (%s, %s, %s, %s)", [device, reason, times, at])
