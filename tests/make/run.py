"""A whole installation in a process of its own, as a person starts it, and what happens to it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[2] / "src"
OURS = ("DATABASE_", "LINLI_", "NATS_", "MQTT_", "DJANGO_")


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """An environment that names no service and leads to `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "LINLI_HOME": str(home), "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1", **more}


@contextmanager
def short_folder() -> Iterator[Path]:
    """A private folder under /tmp, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="linli-run-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(true: Callable[[], Any], within_s: float = 60.0) -> Any:
    """Return what `true()` gives as soon as it gives something; fail after `within_s`."""
    deadline = time.monotonic() + within_s
    while not (found := true()):
        assert time.monotonic() < deadline, f"waited {within_s} s in vain"
        time.sleep(0.1)
    return found


class Up:
    """`linli up` in one home."""

    def __init__(
        self,
        home: Path,
        *words: str,
        prefix: tuple[str, ...] = (),
        python: str = sys.executable,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home
        self.console = home.with_name(home.name + ".console")
        with self.console.open("wb") as sink:
            self.process = subprocess.Popen(
                [*prefix, python, "-m", "linli_run", "up", *words],
                env=dict(env or clean_environment(home)), stdout=sink, stderr=sink, cwd="/",
            )  # fmt: skip

    def said(self) -> str:
        """What stands on the console."""
        return self.console.read_text("utf-8")

    def wait_ready(self, within_s: float = 120.0) -> float:
        """Wait for the line that says so; return the seconds it names."""
        wait_for(lambda: "ready after" in self.summary() or self.process.poll() is not None, within_s)
        assert self.process.poll() is None, self.said()
        return float(self.summary().partition("ready after ")[2].split()[0])

    def summary(self) -> str:
        """The supervisor's own lines."""
        return "\n".join(line for line in self.said().splitlines() if line[9:15] == "linli ")

    def port(self, name: str) -> int:
        """The port that this home took for `name`."""
        return int(json.loads((self.home / "ports.json").read_text())[name])

    def parts(self) -> dict[str, bool]:
        """Part → whether it is ready, as /readyz tells; empty while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port('web')}/readyz", timeout=5) as response:
                told = json.load(response)
        except urllib.error.HTTPError as refused:
            told = json.load(refused)
        except OSError:
            return {}
        return {part["part"]: part["ready"] for part in told["parts"]}

    def is_all_ready(self) -> bool:
        """Whether every part is ready."""
        return bool(found := self.parts()) and all(found.values())

    def pid(self, part: str) -> int:
        """Process number of a part or service; 0 while it has none."""
        book = {"postgres": "postgres/postmaster.pid", "nats": "nats/nats.pid"}.get(part, f"run/{part}.pid")
        try:
            return int((self.home / book).read_text("utf-8").splitlines()[0])
        except (OSError, IndexError):
            return 0

    def stop(self, sig: signal.Signals = signal.SIGTERM, within_s: float = 60.0) -> int:
        """Ask it to end; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        return self.process.wait(within_s)


def living_in(home: Path) -> list[str]:
    """Command lines of the living processes that work in `home` or name it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            where = os.readlink(entry / "cwd")
        except OSError:
            continue
        if words and (str(home) in words or Path(where).is_relative_to(home)):
            found.append(words.strip())
    return found


@contextmanager
def running(home: Path, *words: str, **how: Any) -> Iterator[Up]:
    """A home that is up and ready; whatever the test did, nothing of it stays."""
    up = Up(home, *words, **how)
    try:
        up.wait_ready()
        yield up
    finally:
        try:
            up.stop()
        except subprocess.TimeoutExpired:
            up.process.kill()
