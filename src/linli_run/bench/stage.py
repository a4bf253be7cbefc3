"""What a bench of the hot path needs (测台): services, registered devices and ingest, in a folder of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from linli_run import ports, processes
from linli_run.bench import usage
from linli_run.bench.fleet import Fleet
from linli_run.bench.generator import Order, Sent
from linli_run.bench.load import Load
from linli_run.bench.report import rounded
from linli_run.command_part import CommandPart, our_command
from linli_run.environment import DATABASE_NAME, Installation
from linli_run.home import Home
from linli_run.nats import Nats
from linli_run.postgres import Postgres, create_roles_and_database
from linli_run.trouble import Trouble

FOREIGN: Final = ("DATABASE_", "NATS_", "MQTT_", "LINLI_")
READY_WITHIN_S: Final = 60.0
ANSWER_WITHIN_S: Final = 5.0
_READY: Final = "SELECT count(*) FROM metrics_heartbeat WHERE part = 'ingest' AND note = '' AND at > %s"


@dataclass(frozen=True, slots=True)
class Drive:
    """One order carried out (一次加载), and what it cost.

    Attributes:
        cpu_s: processor time by process.
        spent_s: seconds of ingest's main thread by stage.
    """

    sent: Sent
    cpu_s: Mapping[str, float]
    spent_s: Mapping[str, float]
    batches: int

    @property
    def took_s(self) -> float:
        """From the first message handed over until the last receipt."""
        return (self.sent.receipted_ns - self.sent.began_ns) / 1e9

    @property
    def cores(self) -> dict[str, float]:
        """How many cores each process had (占用核数)."""
        return {name: round(s / self.took_s, 2) for name, s in self.cpu_s.items()}

    @property
    def cpu_us_a_message(self) -> dict[str, float]:
        """Processor time of one message by process, microseconds; other load on the machine touches it least."""
        return {name: rounded(s * 1e6 / self.sent.messages) for name, s in self.cpu_s.items()}


class Stage:
    """Services of a bench's own, that nobody else uses.

    Args:
        home: its folder.
        chosen: ports.
    """

    def __init__(self, home: Home, chosen: Mapping[str, int]) -> None:
        given = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        installation = Installation(home, given=given, chosen=chosen)
        self.home, self.env, self.chosen = home, installation.environment(), chosen
        self.book = home.run / "stopwatch.json"
        watched = [sys.executable, "-P", "-m", "linli_run.bench.watched_ingest", str(self.book)]
        self.ingest = CommandPart("ingest", watched, home=home, env=self.env)
        self.postgres = Postgres(home.postgres, log=home.logs / "postgres.log")
        self.nats = Nats(
            home.nats, port=chosen["nats"], mqtt_port=chosen["mqtt"], password=home.secret("nats"),
            device_password=home.secret("device"), log=home.logs / "nats.log",
        )  # fmt: skip

    @property
    def ingest_url(self) -> str:
        """Address of the database for the role of ingest."""
        return self.env["DATABASE_INGEST_URL"]

    def build(self, fleet: Fleet) -> None:
        """Make the database and register the fleet; harmless when repeated (建库登记)."""
        self.build_database()
        numbers = map(str, (fleet.devices, fleet.crosser_every, fleet.seed))
        self._carry_out([sys.executable, "-P", "-m", "linli_run.bench.registration", *numbers])

    def build_database(self) -> None:
        """Make the database, with nothing in it but what migrations enter (建库)."""
        create_roles_and_database(self.postgres.admin_url, DATABASE_NAME)
        self._carry_out(our_command("migrate"))

    def _carry_out(self, command: Sequence[str]) -> None:
        made = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        if made.returncode:
            raise Trouble(f"The bench's database could not be made:\n{made.stderr}", "Read the text above.")

    def start_ingest(self) -> None:
        """Return when ingest has read the registry and reports that nothing waits (启动接入)."""
        [(began,)] = self.rows("SELECT clock_timestamp()")
        self.ingest.begin()
        deadline = time.monotonic() + READY_WITHIN_S
        while self.rows(_READY, began) == [(0,)]:
            if self.ingest.running_pid() is None or time.monotonic() > deadline:
                raise Trouble(f"ingest did not start:\n{processes.tail(self.ingest.log)}", "Read the text above.")
            time.sleep(0.05)

    def rows(self, statement: str, *given: Any) -> list[tuple[Any, ...]]:
        """Return what the database answers the role of ingest."""
        with psycopg.connect(self.ingest_url, autocommit=True) as line:
            return line.execute(statement, given).fetchall()

    def rows_of_all(self, statement: str, *given: Any) -> list[tuple[Any, ...]]:
        """Return what the database answers who may see every area's rows."""
        with psycopg.connect(self.postgres.url("postgres", DATABASE_NAME), autocommit=True) as line:
            return line.execute(statement, given).fetchall()

    def drive(self, order: Order) -> Drive:
        """Carry out one order; encoding and connecting are not counted (加载)."""
        with Load(order) as load:
            cpu_before, told_before = self._cpu_s(), self._stopwatch()
            sent = load.go()
        cpu, told = self._cpu_s(), self._stopwatch()
        used = {"generator": sent.cpu_s, **{name: cpu[name] - cpu_before[name] for name in cpu}}
        spent = {stage: s - told_before["spent"].get(stage, 0.0) for stage, s in told["spent"].items()}
        return Drive(sent, used, spent, told["batches"] - told_before["batches"])

    def _cpu_s(self) -> dict[str, float]:
        pids: dict[str, list[int | None]] = {
            "ingest": [self.ingest.running_pid()], "nats": [self.nats.running_pid()],
            "postgres": [*processes.working_below(self.home.postgres)],
        }  # fmt: skip
        return {name: usage.cpu_s(pid for pid in found if pid) for name, found in pids.items()}

    def _stopwatch(self) -> dict[str, Any]:
        """Ask ingest where its time went. Raises: Trouble if it does not answer."""
        self.book.unlink(missing_ok=True)
        if pid := self.ingest.running_pid():
            os.kill(pid, signal.SIGUSR1)
            deadline = time.monotonic() + ANSWER_WITHIN_S
            while time.monotonic() < deadline:
                if self.book.exists():
                    return dict(json.loads(self.book.read_text("utf-8")))
                time.sleep(0.005)
        raise Trouble(f"ingest does not answer:\n{processes.tail(self.ingest.log)}", "Read the text above.")


@contextmanager
def staged(fleet: Fleet) -> Iterator[Stage]:
    """Services, registered fleet and ingest, from the prepared folder if there is one; all gone afterwards (搭台)."""
    folder = bench_folder()
    home = Home(Path(tempfile.mkdtemp(prefix="run-", dir=folder)))
    try:
        if (built := prepared_folder(fleet)).exists():
            shutil.copytree(built, home.folder, dirs_exist_ok=True)
        with services(home) as stage:
            stage.build(fleet)
            try:
                stage.start_ingest()
                yield stage
            finally:
                stage.ingest.stop()
    finally:
        shutil.rmtree(home.folder, ignore_errors=True)


def prepare(fleet: Fleet) -> Path:
    """Build the folder that later runs of this fleet start from, and return it (预建)."""
    built = prepared_folder(fleet)
    unfinished = built.with_name(f"{built.name}.unfinished")
    for old in (built, unfinished):
        shutil.rmtree(old, ignore_errors=True)
    with services(Home(unfinished)) as stage:
        stage.build(fleet)
    return unfinished.rename(built)


def bench_folder() -> Path:
    """The folder of all benches, on the disk where Linli keeps its data (测量目录)."""
    home = Home()
    home.prepare()
    folder = home.folder / "bench"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def prepared_folder(fleet: Fleet) -> Path:
    """Where `--prepare` leaves what it built for this fleet."""
    return bench_folder() / f"prepared-{fleet.devices}"


@contextmanager
def services(home: Home) -> Iterator[Stage]:
    """PostgreSQL and NATS of a bench's own, stopped afterwards; nothing is in them yet (测台服务)."""
    home.prepare()
    with ports.Reserved() as reserved, ExitStack() as ending:
        stage = Stage(home, ports.choose(ports.DEFAULTS, reserved=reserved, say=lambda _: None))
        for service in (stage.postgres, stage.nats):
            ending.callback(service.stop)
            service.start()
        yield stage
