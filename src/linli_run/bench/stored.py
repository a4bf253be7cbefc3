"""Whether what was sent is what is stored (核对)."""

import time
from datetime import UTC, datetime
from typing import Final

import psycopg

from linli_run.bench.fleet import METRICS, Fleet
from linli_run.bench.generator import Sent
from linli_run.bench.stage import Stage

LATEST_WITHIN_S: Final = 10.0
_ROWS: Final = "SELECT count(*) FROM {} WHERE ts >= %s AND ts < %s"


def shortcomings(on: Stage, fleet: Fleet, first_n: int, rounds: int, sent: Sent) -> list[str]:
    """Return what is wrong with a run: too few received, receipted or stored, or anything refused (缺漏)."""
    messages = fleet.devices * rounds
    span = moment(fleet.at_us(0, first_n)), moment(fleet.at_us(0, first_n + rounds))
    found = {
        "messages received": (sent.received, messages),
        "messages receipted": (sent.receipted, messages),
        "observations stored": (_count(on, _ROWS.format("observation"), *span), messages * METRICS),
        "exceedances stored": (_count(on, _ROWS.format("exceedance"), *span), fleet.crossers() * rounds),
        "receipts kept": (_count(on, "SELECT sum(acked_n)::int8 FROM receipt"),
                          fleet.devices * (first_n + rounds - 1)),
        "messages refused": (_count(on, "SELECT coalesce(sum(refused), 0)::int8 FROM quarantine"), 0),
        "latest values shown": (_latest(on, fleet, first_n + rounds - 1), fleet.devices * METRICS),
    }  # fmt: skip
    return [f"{what}: {count} instead of {wanted}" for what, (count, wanted) in found.items() if count != wanted]


def durability(on: Stage) -> str:
    """Say what is flushed when it counts, from the database's own settings (持久性)."""
    with psycopg.connect(on.ingest_url) as line:
        settings = {name: str(line.execute(f"SHOW {name}").fetchone()[0])  # type: ignore[index]
                    for name in ("fsync", "synchronous_commit", "full_page_writes")}  # fmt: skip
    told = ", ".join(f"{name} {value}" for name, value in settings.items())
    return (f"counted when receipted: readings, exceedances, rule state, receipts and cursor committed ({told}); "
            "latest values follow within about a second; the message server's own file is not flushed")  # fmt: skip


def moment(at_us: int) -> datetime:
    """Return the moment of microseconds since 1970; they are whole milliseconds at the borders of a run."""
    return datetime.fromtimestamp(at_us / 1e6, UTC)


def _count(on: Stage, statement: str, *given: datetime) -> int:
    return int(on.rows(statement, *given)[0][0] or 0)


def _latest(on: Stage, fleet: Fleet, last_n: int) -> int:
    """Count the latest values that show the last round, which they do a moment after the commit."""
    span = moment(fleet.at_us(0, last_n)), moment(fleet.at_us(0, last_n + 1))
    deadline = time.monotonic() + LATEST_WITHIN_S
    wanted = fleet.devices * METRICS
    while (count := _count(on, _ROWS.format("latest"), *span)) < wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    return count
