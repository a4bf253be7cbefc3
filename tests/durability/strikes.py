"""Where a part is struck (打击点), and the order by which a test asks a living part for it."""

import json
import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

INGEST_POINTS = ("pulled", "decoded", "judged", "copying", "written", "committing", "committed", "receipted", "told")
WORKER_POINTS = ("alerts_begun", "alerts_taken", "alerts_committed", "delivering", "telling", "delivered", "texting",
                 "texted")  # fmt: skip
WEB_POINTS = ("report_begun", "report_kept", "report_answered")
POINTS = {point: part for part, points in
          (("ingest", INGEST_POINTS), ("worker", WORKER_POINTS), ("web", WEB_POINTS)) for point in points}  # fmt: skip
VICTIMS = ("postgres", "backend", "nats", "ingest", "worker", "web", "all")


@dataclass(frozen=True)
class Strike:
    """Kill `groups` and `processes` with -9 when `point` is passed for the `after`-th time from now on."""

    point: str
    after: int
    groups: tuple[int, ...] = ()
    processes: tuple[int, ...] = ()


def order(home: Path, strike: Strike) -> None:
    """Lay the order where the parts of this home look for it, whole or not at all."""
    fresh = home / "strike.new"
    fresh.write_text(json.dumps(asdict(strike)))
    fresh.replace(home / "strike.json")


def is_done(home: Path) -> bool:
    return not (home / "strike.json").exists()


def withdraw(home: Path) -> None:
    (home / "strike.json").unlink(missing_ok=True)


class Watcher:
    """Counts the passings of the ordered point in one process, and strikes."""

    def __init__(self, home: Path) -> None:
        self._order = home / "strike.json"
        self._seen: tuple[int, int] = (0, 0)
        self._passed = 0

    def passing(self, point: str) -> None:
        """Strike here if it is asked for; the process itself, if it is among the victims, dies last."""
        try:
            stat = self._order.stat()
            asked = json.loads(self._order.read_bytes())
        except (FileNotFoundError, ValueError):
            return
        if asked["point"] != point:
            return
        if self._seen != (stat.st_ino, stat.st_mtime_ns):
            self._seen, self._passed = (stat.st_ino, stat.st_mtime_ns), 0
        self._passed += 1
        if self._passed >= asked["after"]:
            self._order.unlink(missing_ok=True)
            kill_now(asked["groups"], asked["processes"])


def kill_now(groups: Iterable[int], processes: Iterable[int]) -> None:
    own = os.getpgid(0)
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for group in sorted(groups, key=lambda group: group == own):
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
