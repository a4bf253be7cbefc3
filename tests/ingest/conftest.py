"""A message server, a database with real commits and ingest as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.make.areas import make_areas
from tests.make.sensing import SYSTEM, make_thing

from linli.audit import actions as audit
from linli_edge.line import Line
from linli_run.nats import Nats
from linli_run.postgres import Postgres

PATIENCE_S = 20.0


@dataclass
class Road:
    """The whole way from MQTT to the tables."""

    nats: Nats
    database_url: str
    ingest_url: str
    log: Path
    process: subprocess.Popen[bytes] | None = None
    lines: list[Line] = field(default_factory=list)

    def start_ingest(self, *, ready: bool = True) -> None:
        [(now,)] = self.rows("SELECT clock_timestamp()")
        env = {**os.environ, "DATABASE_INGEST_URL": self.ingest_url, "NATS_URL": self.nats.url}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "linli_ingest"], env=env, stderr=log, stdout=log,
                                            cwd="src")  # fmt: skip
        if ready:
            self.await_rows("SELECT count(*) FROM metrics_heartbeat WHERE part = 'ingest' AND note = '' AND at > %s",
                            [(1,)], now)  # fmt: skip

    def end_ingest(self, number: int = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(number)
            assert self.process.wait(PATIENCE_S) in (0, -number), self.log.read_text()
            self.process = None

    def line(self, client_id: str = "") -> Line:
        self.lines.append(Line(self.nats.mqtt_url, client_id or f"test-{len(self.lines)}"))
        return self.lines[-1]

    def say(self, device: str, *bodies: Any, kind: str = "t") -> None:
        """Send messages and wait until the server has received them."""
        line = self.line()
        payloads = [body if isinstance(body, bytes) else json.dumps(body).encode() for body in bodies]
        waiting = set(line.publish([(f"d/{device}/{kind}", payload) for payload in payloads]))
        while waiting:
            waiting -= set(line.hear(PATIENCE_S).received)

    def rows(self, statement: str, *given: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.ingest_url, autocommit=True) as line:
            return line.execute(statement, given).fetchall()  # type: ignore[arg-type]

    def await_rows(self, statement: str, expected: Any, *given: Any) -> None:
        """Wait until a query answers `expected`; say what it answered instead."""
        deadline = time.monotonic() + PATIENCE_S
        while (found := self.rows(statement, *given)) != expected:
            assert time.monotonic() < deadline, (found, expected, self.log.read_text()[-3000:])
            time.sleep(0.03)

    def await_cursor(self, messages: int) -> None:
        """Wait until so many messages of the stream are done."""
        self.await_rows("SELECT max(seq) FROM ingest_cursor", [(messages,)])

    def readings(self, device: str, metric: str) -> list[tuple[float, float]]:
        """What is stored of one metric: epoch seconds and values, by time."""
        return [(float(at), value) for at, value in self.rows(
            "SELECT extract(epoch FROM o.ts), o.value FROM observation o JOIN sensing_datastream d ON d.id = o.datastream"
            " JOIN sensing_thing t ON t.id = d.thing_id WHERE t.code = %s AND d.metric = %s ORDER BY o.ts",
            device, metric)]  # fmt: skip


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture
def road(fresh_db: str, server: Postgres, tmp_path: Path) -> Iterator[Road]:
    nats = Nats(tmp_path / "nats", port=free_port(), mqtt_port=free_port(), password="in", device_password="out")
    nats.start()
    found = Road(nats, fresh_db, server.url("linli_ingest", "linli_fresh"), tmp_path / "ingest.log")
    with audit.acting(SYSTEM):
        make_areas()
        make_thing("mc-1")
    found.start_ingest()
    try:
        yield found
    finally:
        for line in found.lines:
            line.close()
        if found.process:
            found.process.kill()
            found.process.wait()
        nats.stop()
