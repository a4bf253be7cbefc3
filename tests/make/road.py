"""A message server, a database with real commits and ingest as a process of its own, shared by the tests of a run."""

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
from django.conf import settings
from tests.conftest import copy_of_template, hang_up, speak_to
from tests.make.areas import make_areas
from tests.make.sensing import SYSTEM, make_thing

from linli.audit import actions as audit
from linli.sensing import actions as sensing
from linli_edge.line import Line
from linli_ingest.wire import Wire, read_json
from linli_run.nats import Nats
from linli_run.postgres import Postgres

DATABASE = "linli_road"
PATIENCE_S = 30.0


@dataclass
class Road:
    """The whole way from MQTT to the tables."""

    nats: Nats
    app_url: str
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
        self.lines.append(Line(self.nats.mqtt_url, client_id or f"test-{time.monotonic_ns()}"))
        return self.lines[-1]

    def hang_up(self) -> None:
        while self.lines:
            self.lines.pop().close()

    def say(self, device: str, *bodies: Any, kind: str = "t") -> None:
        """Send messages and wait until the server has received them."""
        line = self.line()
        payloads = [body if isinstance(body, bytes) else json.dumps(body).encode() for body in bodies]
        waiting = set(line.publish([(f"d/{device}/{kind}", payload) for payload in payloads]))
        while waiting:
            waiting -= set(line.hear(PATIENCE_S).received)

    def ask(self, subject: str, **request: Any) -> dict[str, Any]:
        """Ask the message server and return its answer."""
        wire = Wire(self.nats.url)
        wire.send(b"SUB inbox 1\r\n")
        wire.publish(subject, json.dumps(request).encode(), "inbox")
        deadline = time.monotonic() + PATIENCE_S
        while not (frames := wire.frames(0.2)):
            assert time.monotonic() < deadline
        wire.close()
        return read_json(frames[0].body)

    def settle(self) -> None:
        """Wait until everything said so far is done; a last message, answered once it is in the stream, tells."""
        last = self.ask("d.nobody.t")["seq"]
        self.await_rows("SELECT max(seq) FROM ingest_cursor", [(last,)])

    def rows(self, statement: str, *given: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.ingest_url, autocommit=True) as line:
            return line.execute(statement, given).fetchall()  # type: ignore[arg-type]

    def await_rows(self, statement: str, expected: Any, *given: Any) -> None:
        """Wait until a query answers `expected`; say what it answered instead."""
        deadline = time.monotonic() + PATIENCE_S
        while (found := self.rows(statement, *given)) != expected:
            assert time.monotonic() < deadline, (found, expected, self.log.read_text()[-3000:])
            time.sleep(0.03)

    def readings(self, device: str, metric: str) -> list[tuple[float, float]]:
        """What is stored of one metric: epoch seconds and values, by time."""
        return [(float(at), value) for at, value in self.rows(
            "SELECT extract(epoch FROM o.ts), o.value FROM observation o"
            " JOIN sensing_datastream d ON d.id = o.datastream JOIN sensing_thing t ON t.id = d.thing_id"
            " WHERE t.code = %s AND d.metric = %s ORDER BY o.ts",
            device, metric)]  # fmt: skip

    def held(self, device: str) -> list[tuple[str, int]]:
        """Why messages of a device were refused, and how many of their parts."""
        return [(reason, refused) for reason, refused in self.rows(
            "SELECT reason, refused FROM quarantine WHERE device = %s ORDER BY id", device)]  # fmt: skip

    def exceedances(self, device: str) -> list[tuple[float, int, int, int]]:
        """Changes of level in the order they were noticed: when, from, to, by which version of the rule."""
        return [(float(at), *levels) for at, *levels in self.rows(
            "SELECT extract(epoch FROM e.ts), e.level_from, e.level_to, e.rule_version FROM exceedance e"
            " JOIN sensing_datastream d ON d.id = e.datastream JOIN sensing_thing t ON t.id = d.thing_id"
            " WHERE t.code = %s ORDER BY e.id", device)]  # fmt: skip


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture(scope="session")
def laid_road(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    root = tmp_path_factory.mktemp("road")
    nats = Nats(root / "nats", port=free_port(), mqtt_port=free_port(), password="in", device_password="out")
    nats.start()
    app_url = copy_of_template(server, DATABASE)
    found = Road(nats, app_url, server.url("linli_ingest", DATABASE), root / "ingest.log")
    speak_to(app_url)
    with audit.acting(SYSTEM):
        make_areas()
        sensing.load_kits(actor=SYSTEM)
    hang_up()
    settings.DATABASES["default"]["NAME"] = ""
    try:
        found.start_ingest()
        yield found
    finally:
        if found.process:
            found.process.kill()
            found.process.wait()
        nats.stop()


@pytest.fixture
def road(laid_road: Road) -> Iterator[Road]:
    """The road, with ingest running and this thread speaking to its database."""
    speak_to(laid_road.app_url)
    if laid_road.process is None:
        laid_road.start_ingest()
    yield laid_road
    laid_road.hang_up()
    hang_up()
    settings.DATABASES["default"]["NAME"] = ""


@pytest.fixture
def device(road: Road, request: pytest.FixtureRequest) -> str:
    """A manhole sensor of the test's own."""
    code = f"mc-{abs(hash(request.node.name)) % 10**8}"
    with audit.acting(SYSTEM):
        make_thing(code)
    return code
