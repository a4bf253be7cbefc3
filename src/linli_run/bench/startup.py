"""`linli bench startup`: from the command until `/readyz` is well, what it takes in memory and on disk (启动)."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from linli_run import ports, processes
from linli_run.bench import machine, usage
from linli_run.bench.plan import Plan
from linli_run.bench.report import Goal, Report, Spread, rounded
from linli_run.bench.stage import FOREIGN, bench_folder
from linli_run.command_part import answers, our_command
from linli_run.home import Home
from linli_run.trouble import Trouble

SECONDS: Final = 30.0
GOAL: Final = Goal(60, is_least=False)
READY_WITHIN_S: Final = 120.0
STOP_WITHIN_S: Final = 60.0
FIRST_PORT: Final = 18_000
CHECKOUT: Final = Path(__file__).parents[3]
REQUIREMENT: Final = re.compile(r"([\w.-]+)\s*(?:\[([^]]*)\])?")
EXTRA: Final = re.compile(r"""extra == ['"]([\w-]+)['"]""")
OUR_PACKAGES: Final = ("linli", "linli_ingest", "linli_live", "linli_city", "linli_edge", "linli_run")


def prepare(plan: Plan) -> Path:
    """Refuse: a cold start begins with nothing. Raises: Trouble."""
    raise Trouble("A cold start has nothing to prepare.", "Run `linli bench startup` without --prepare.")


def measure(plan: Plan) -> Report:
    """Start the demo in a new home, stop it, start it again; look at the memory after the last start."""
    load_before, install = os.getloadavg()[0], install_mb()
    cold_s: list[float] = []
    warm_s: list[float] = []
    memory: dict[str, float] = {}
    home_mb = 0.0
    for run in plan.rounds():
        home = Home(Path(tempfile.mkdtemp(prefix="run-", dir=bench_folder())))
        try:
            with started(home) as (took_s, _):
                cold_s.append(took_s)
            with started(home) as (took_s, leader):
                warm_s.append(took_s)
                if run == 0:
                    time.sleep(plan.seconds)
                    memory = memory_mb(home, leader)
            home_mb = folder_mb(home.folder)
        finally:
            shutil.rmtree(home.folder, ignore_errors=True)
    ours, warm = Spread.of(cold_s), Spread.of(warm_s)
    return Report(
        bench="startup", unit="s, new home to /readyz 200", ours=ours, goal=GOAL, held=GOAL.is_held(ours),
        durable="the database and its files are flushed as in service", seed=plan.seed,
        data="`linli up --demo`: initdb, migrations, demo city, accounts, every part; polled every 50 ms",
        machine=machine.facts(load_before) | {"fsync_ms": rounded(machine.fsync_ms(bench_folder()))},
        where={
            "warm_s": warm and warm.as_dict(), "memory_mb": memory, "memory_after_idle_s": plan.seconds,
            "install_mb": install, "home_mb": round(home_mb),
        },
        runs=len(cold_s),
    )  # fmt: skip


@contextmanager
def started(home: Home) -> Iterator[tuple[float, int]]:
    """Run `linli up --demo` in this home; gives the seconds until it was ready and its process number (启动计时).

    Raises: Trouble if it is not ready in time.
    """
    given = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    port = next(p for p in range(FIRST_PORT, FIRST_PORT + ports.TRIES, 2) if ports.is_free("127.0.0.1", p))
    began = time.monotonic()
    up = processes.spawn(
        our_command("up", "--demo", "--port", str(port)), log=home.folder / "up.log",
        env={**given, "LINLI_HOME": str(home.folder)},
    )  # fmt: skip
    try:
        is_ready = answers(f"http://127.0.0.1:{port}/readyz")
        while not is_ready():
            if up.poll() is not None or time.monotonic() - began > READY_WITHIN_S:
                raise Trouble(f"The demo is not ready:\n{processes.tail(home.folder / 'up.log')}", "Read its words.")
            time.sleep(0.05)
        yield time.monotonic() - began, up.pid
    finally:
        _stop(up)


def _stop(up: subprocess.Popen[bytes]) -> None:
    up.send_signal(signal.SIGTERM)
    try:
        up.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        up.kill()
        up.wait()


def memory_mb(home: Home, leader: int) -> dict[str, float]:
    """Return the proportional memory of each part and of all, in MB (各部件内存)."""
    pids = {path.stem: usage.in_group(int(path.read_text("ascii"))) for path in sorted(home.run.glob("*.pid"))}
    pids |= {"postgres": processes.working_below(home.postgres), "nats": processes.working_below(home.nats),
             "supervisor": [leader]}  # fmt: skip
    found: dict[str, float] = {name: round(usage.pss_mb(of_part)) for name, of_part in pids.items()}
    return found | {"all": sum(found.values())}


def install_mb() -> dict[str, Any]:
    """Return the size of Linli and of everything it needs to run, in MB, the five largest named (安装大小)."""
    sizes = {dist.name: _files_bytes(dist) / 1e6 for dist in _needed(_first_needs())}
    sizes["linli"] = sum(_package_bytes(name) for name in OUR_PACKAGES) / 1e6
    largest = sorted(sizes, key=lambda name: -sizes[name])[:5]
    return {"all": round(sum(sizes.values())), **{name: round(sizes[name]) for name in largest}}


def _first_needs() -> list[str]:
    """Return what Linli itself asks for, as its package says, or its checkout if it runs from one."""
    try:
        return distribution("linli").requires or []
    except PackageNotFoundError:
        return list(tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])


def _needed(wanted: Sequence[str]) -> list[Distribution]:
    """Return what is installed of `wanted` and of what that needs in turn, with the extras that are asked for."""
    found: dict[str, Distribution] = {}
    todo, done = [_split(one) for one in wanted if "extra ==" not in one], set()
    while todo:
        name, extras = todo.pop()
        try:
            dist = distribution(name)
        except PackageNotFoundError:  # meant for another system
            continue
        found[dist.name] = dist
        if (dist.name, extras) not in done:
            done.add((dist.name, extras))
            todo += [_split(one) for one in dist.requires or () if not (of := EXTRA.findall(one)) or extras & {*of}]
    return list(found.values())


def _split(requirement: str) -> tuple[str, frozenset[str]]:
    match = REQUIREMENT.match(requirement)
    if match is None:
        raise ValueError(f"unreadable requirement: {requirement}")
    return match[1], frozenset(re.findall(r"[\w-]+", match[2] or ""))


def _files_bytes(dist: Distribution) -> int:
    paths = (Path(str(file.locate())) for file in dist.files or ())
    return sum(path.stat().st_size for path in paths if path.is_file())


def _package_bytes(name: str) -> int:
    spec = find_spec(name)
    folders = spec.submodule_search_locations if spec else None
    return sum(int(folder_mb(Path(folder)) * 1e6) for folder in folders or ())


def folder_mb(folder: Path) -> float:
    """Return the size of the files below a folder, in MB; what goes meanwhile is not counted (目录大小)."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total / 1e6
