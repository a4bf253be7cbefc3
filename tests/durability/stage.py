"""A whole installation (试验场) whose every process the test holds in its hand, fsync and synchronous commit on."""

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from tests.conftest import hang_up, speak_to
from tests.durability import load, people, strikes
from tests.durability.strikes import Strike
from tests.make.areas import make_areas
from tests.make.run import SOURCE, clean_environment, wait_for

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.sensing import actions as sensing
from linli_ingest.wire import Wire, read_json
from linli_run.command_part import CommandPart, answers, our_command
from linli_run.environment import Installation
from linli_run.home import Home
from linli_run.postgres import create_roles_and_database

CLEAN = "linli_clean"
MORTAL = Path(__file__).with_name("mortal.py")
PATIENCE_S = 120.0
SYSTEM = Actor.system("test")
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE usename IN ('linli_ingest', 'linli_app') ORDER BY application_name"


def free_ports() -> dict[str, int]:
    held = {name: socket.create_server(("127.0.0.1", 0)) for name in ("web", "live", "nats", "mqtt")}
    ports = {name: taken.getsockname()[1] for name, taken in held.items()}
    for taken in held.values():
        taken.close()
    return ports


@contextmanager
def speaking_to(url: str) -> Iterator[None]:
    """Act on this database as Linli itself."""
    speak_to(url)
    with audit.acting(SYSTEM):
        yield
    hang_up()


def enter_devices() -> None:
    """Enter the areas, and adopt the devices of the load."""
    make_areas()
    sensing.load_kits(actor=SYSTEM)
    sensing.adopt_many([
        sensing.NewThing(code=code, name=code, kit="manhole", where=load.place(number))
        for number, code in enumerate(load.codes())
    ], actor=SYSTEM)  # fmt: skip


class Stage:
    """PostgreSQL, NATS, ingest, worker, live and web of one throw-away home."""

    def __init__(self, folder: Path, max_wal_mb: int = 4096) -> None:
        self.max_wal_mb = max_wal_mb
        self.home = Home(folder)
        self.home.prepare()
        given = {**clean_environment(folder), "PYTHONPATH": f"{SOURCE}", "LINLI_SMS_ADAPTER": "file",
                 "LINLI_NOTICES_PER_MINUTE": "6000", "LINLI_SECRET_KEY": settings.SECRET_KEY}  # fmt: skip
        self.installation = Installation(self.home, given=given, chosen=free_ports())
        postgres, nats = self.installation.postgres(), self.installation.nats()
        assert postgres
        assert nats
        self.postgres, self.nats = postgres, nats
        self.env = self.installation.environment()
        (folder / "ports.json").write_text(json.dumps(dict(self.installation.chosen)))
        self.parts = [self._mortal("ingest"), self._mortal("worker"), self._part("live"), self._mortal("web")]
        self.asked, self.cookie = 0, ""

    def _address(self, name: str) -> list[str]:
        return ["--port", str(self.installation.chosen[name])] if name in self.installation.chosen else []

    def _mortal(self, name: str) -> CommandPart:
        argv = [sys.executable, "-P", str(MORTAL), name, *self._address(name)]
        return CommandPart(name, argv, home=self.home, env=self.env)

    def _part(self, name: str) -> CommandPart:
        return CommandPart(name, our_command(name, *self._address(name)), home=self.home, env=self.env)

    @property
    def url(self) -> str:
        return self.env["DATABASE_INGEST_URL"]

    @property
    def admin_url(self) -> str:
        return self.postgres.url("postgres", "linli")

    @property
    def texts(self) -> Path:
        """Where text messages are laid down for their gateway."""
        return self.home.folder / "sms"

    def prepare(self) -> None:
        """Make the clean database once: migrated, with areas, rules and devices, but nothing received."""
        self.postgres.start()
        (self.postgres.data_dir / "local.conf").write_text(f"max_wal_size = {self.max_wal_mb}MB\nmin_wal_size = 32MB\n")
        with psycopg.connect(self.postgres.admin_url, autocommit=True) as admin:
            admin.execute("SELECT pg_reload_conf()")
        create_roles_and_database(self.postgres.admin_url, CLEAN)
        owner = self.postgres.url("linli_owner", CLEAN)
        env = {**self.env, "DATABASE_URL": owner, "DATABASE_OWNER_URL": owner}
        migrate = CommandPart("migrate", our_command("migrate"), home=self.home, env=env)
        migrate.begin()
        assert migrate.child
        assert migrate.child.wait(PATIENCE_S) == 0, migrate.log.read_text()
        with speaking_to(self.postgres.url("linli_app", CLEAN)):
            enter_devices()
            self.cookie = people.enter_people()

    def begin(self) -> None:
        """Start everything on a fresh copy of the clean database and an empty stream."""
        with psycopg.connect(self.postgres.admin_url, autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS linli WITH (FORCE)")
            admin.execute(f"CREATE DATABASE linli TEMPLATE {CLEAN} STRATEGY file_copy OWNER linli_owner".encode())
        for left in (self.home.nats, self.texts):
            shutil.rmtree(left, ignore_errors=True)
        self.home.nats.mkdir(mode=0o700)
        self.nats.start()
        for part in self.parts:
            part.begin()
        self.await_true(self.is_ready, "ready")

    def end(self) -> None:
        """Stop everything but the database."""
        for part in reversed(self.parts):
            part.stop()
        self.nats.stop()

    def tend(self) -> list[str]:
        """Start again what has died, and name it."""
        if self.nats.running_pid() and not self.nats.works():
            self.nats.stop()
        dead = [part for part in self.parts if part.running_pid() is None]
        named = [part.name for part in dead]
        for name, service in (("postgres", self.postgres), ("nats", self.nats)):
            if service.running_pid() is None:
                named.append(name)
                service.start()
        for part in dead:
            part.begin()
        return named

    def victims(self, name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the process groups and the single processes that `name` stands for."""
        if name == "backend":
            with psycopg.connect(self.postgres.admin_url, autocommit=True) as admin:
                pids = [row[0] for row in admin.execute(BACKENDS).fetchall()]
            return (), (pids[-1],)
        found = {part.name: part.running_pid() for part in self.parts}
        found |= {"postgres": self.postgres.running_pid(), "nats": self.nats.running_pid()}
        chosen = found.values() if name == "all" else [found[name]]
        return tuple(pid for pid in chosen if pid), ()

    def order(self, point: str, victim: str, after: int) -> None:
        groups, processes = self.victims(victim)
        strikes.order(self.home.folder, Strike(point, after, groups, processes))

    def is_ready(self) -> bool:
        return bool(told := self.readyz()) and told["ready"]

    def readyz(self) -> dict[str, Any]:
        """What /readyz says; empty while nobody answers."""
        try:
            status, body = self.ask("GET", "/readyz")
            return dict(json.loads(body)) if status in (200, 503) else {}
        except (OSError, http.client.HTTPException, ValueError):
            return {}

    def ask(self, method: str, path: str, body: str = "", cookie: str = "") -> tuple[int, bytes]:
        """Ask the web part from an address of our own each time, as strangers would: rates are counted by address."""
        self.asked += 1
        source = f"127.{1 + self.asked // 60_000}.{self.asked // 240 % 250}.{1 + self.asked % 240}"
        line = http.client.HTTPConnection("127.0.0.1", self.installation.chosen["web"], timeout=10,
                                          source_address=(source, 0))  # fmt: skip
        kind = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={people.CSRF}",
                   "X-CSRFToken": people.CSRF}  # fmt: skip
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def doctor(self) -> dict[str, dict[str, str]]:
        """What `linli doctor` finds, by what it looked at."""
        asked = subprocess.run(our_command("doctor", "--json"), env=self.installation.given, capture_output=True,
                               text=True, check=False)  # fmt: skip
        return {finding["about"]: finding for finding in json.loads(asked.stdout)}

    def limit_stream(self, max_bytes: int) -> None:
        """Let the stream of telemetry keep no more than so many bytes."""
        config = self.ask_nats("$JS.API.STREAM.INFO.TELEMETRY")["config"]
        assert "error" not in self.ask_nats("$JS.API.STREAM.UPDATE.TELEMETRY", {**config, "max_bytes": max_bytes})

    def ask_nats(self, subject: str, request: Any = None) -> dict[str, Any]:
        wire = Wire(self.nats.url)
        wire.send(b"SUB inbox 1\r\n")
        wire.publish(subject, json.dumps(request or {}).encode(), "inbox")
        try:
            return read_json(wait_for(lambda: wire.frames(0.2), 10)[0].body)
        finally:
            wire.close()

    def probe(self, name: str) -> Callable[[], bool] | None:
        return answers(f"{self.env['LINLI_WEB_URL']}/healthz") if name == "web" else None

    def await_true(self, asked: Any, what: str, within_s: float = PATIENCE_S) -> None:
        """Tend until `asked` is true; a database that is away counts as not yet."""
        deadline = time.monotonic() + within_s
        while True:
            with suppress(psycopg.OperationalError):
                if asked():
                    return
            assert time.monotonic() < deadline, f"not {what} after {within_s} s: {self.readyz()}\n{self.last_words()}"
            self.tend()
            time.sleep(0.05)

    def last_words(self) -> str:
        logs = sorted(self.home.logs.glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs)

    def close(self) -> None:
        """Stop everything; nothing stays."""
        hang_up()
        for service in (*reversed(self.parts), self.nats, self.postgres):
            child = service.child
            with suppress(OSError):
                service.stop()
            if child:
                child.wait(10)
