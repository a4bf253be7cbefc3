"""The machine a figure was measured on (测量机器)."""

import os
import platform
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray

from linli_ingest import copying
from linli_run import nats
from linli_run.bench.report import rounded

FLUSHES: Final = 50
BLOCK: Final = bytes(8192)
COPIES: Final = 5
COPY_ROWS: Final = 40_000

_TABLE: Final = """
    CREATE TABLE bench_copy (datastream integer NOT NULL, ts timestamptz NOT NULL, value double precision NOT NULL,
      flags smallint NOT NULL, PRIMARY KEY (datastream, ts))
"""


def facts(load_before: float) -> dict[str, Any]:
    """Return what stands still about this machine (机器概况)."""
    return {
        "cores": len(os.sched_getaffinity(0)), "memory_gb": round(_memory_bytes() / 2**30, 1), "cpu": _cpu_name(),
        "python": platform.python_version(), "load_before": round(load_before, 2),
    }  # fmt: skip


def server_facts(folder: Path, url: str) -> dict[str, Any]:
    """Return the servers' versions and how fast this disk flushes and the database takes rows.

    Args:
        folder: on the disk of the database.
        url: of the role that ingest has.
    """
    return {"postgres": _postgres(url), "nats": _nats(), "fsync_ms": rounded(fsync_ms(folder)),
            "copy_rows_s": round(copy_rows_s(url))}  # fmt: skip


def fsync_ms(folder: Path) -> float:
    """Return the median time to append a page of 8 KiB to a file and flush it (刷盘时间)."""
    path, took = folder / "flushed", []
    with path.open("wb", buffering=0) as file:
        for _ in range(FLUSHES):
            began = time.perf_counter()
            file.write(BLOCK)
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return statistics.median(took) * 1000


def copy_rows_s(url: str) -> float:
    """Return rows a second of binary COPY into a table of the observations' shape, each commit flushed (导入速度)."""
    took = []
    with psycopg.connect(url) as line, line.cursor() as cursor:
        cursor.execute(_TABLE)
        for turn in range(COPIES):
            began = time.perf_counter()
            columns: list[NDArray[Any]] = [
                np.arange(COPY_ROWS, dtype=np.int32) % 1000, np.arange(COPY_ROWS) + turn * COPY_ROWS,
                np.linspace(0.0, 1.0, COPY_ROWS), np.zeros(COPY_ROWS, np.int16),
            ]  # fmt: skip
            copying.copy(cursor, "COPY bench_copy FROM STDIN (FORMAT BINARY)", columns)
            line.commit()
            took.append(time.perf_counter() - began)
        cursor.execute("DROP TABLE bench_copy")
    return COPY_ROWS / statistics.median(took)


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _cpu_name() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _postgres(url: str) -> str:
    with psycopg.connect(url) as line:
        row = line.execute("SHOW server_version").fetchone()
    return str(row[0]) if row else ""


def _nats() -> str:
    asked = subprocess.run([nats.binary(), "--version"], capture_output=True, text=True, check=True)
    return asked.stdout.strip().removeprefix("nats-server: ")
