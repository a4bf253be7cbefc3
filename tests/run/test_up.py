"""Whole installations as people start, share, break and stop them."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.make.run import Up, clean_environment, living_in, running, short_folder, wait_for

pytestmark = pytest.mark.durability
PARTS = ("postgres", "nats", "ingest", "worker", "live", "web")
NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


@pytest.fixture(scope="module")
def first() -> Iterator[Up]:
    """A home whose path is deeper than any socket path, in Chinese and with spaces."""
    with short_folder() as folder:
        home = folder.joinpath(*["很 深 的 目录"] * 10, "邻里 数据")
        home.parent.mkdir(parents=True)
        assert len(os.fsencode(home)) > 150
        with running(home) as up:
            yield up


@pytest.fixture(scope="module")
def spare() -> Iterator[Path]:
    """A home that is started and broken again and again, beside the first."""
    with short_folder() as folder:
        home = folder / "spare"
        home.mkdir(mode=0o700)
        yield home


def test_every_part_is_ready_and_the_home_is_closed_to_others(first):
    assert first.is_all_ready(), first.parts()
    assert {"postgres", "nats", "ingest", "worker", "live"} <= set(first.parts())
    assert stat.S_IMODE(first.home.stat().st_mode) == 0o700
    assert [p for p in first.home.rglob("*") if p.lstat().st_uid != os.getuid()] == []


@pytest.mark.parametrize("part", PARTS)
def test_a_part_killed_with_9_comes_back(first, part):
    killed = first.pid(part)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: f"{part:<10} ended unasked" in first.said())
    wait_for(lambda: first.pid(part) != killed and first.is_all_ready())


def test_a_second_home_finds_the_ports_busy_says_so_and_takes_others(first, spare):
    shutil.copy(first.home / "ports.json", spare)
    with running(spare) as second:
        for name in ("web", "live", "nats", "mqtt"):
            assert f"port {first.port(name)} for {name} is busy, taking {second.port(name)}" in second.summary()
        assert first.is_all_ready()
        assert second.is_all_ready()


def test_one_home_is_not_started_twice(first):
    twice = subprocess.run(
        [sys.executable, "-m", "linli_run", "up"], env=clean_environment(first.home), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert twice.returncode == 1
    assert f"under process {first.process.pid}" in twice.stderr
    assert first.is_all_ready()


def test_a_killed_supervisor_leaves_nobody_behind_and_the_next_one_starts(spare):
    up = Up(spare)
    up.wait_ready()
    up.process.kill()
    up.process.wait()
    deadline = time.monotonic() + 60
    while (left := living_in(spare)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []
    with running(spare) as again:
        assert again.is_all_ready()


def test_everything_killed_at_once_starts_again_on_the_same_ports(spare):
    up = Up(spare)
    up.wait_ready()
    ports = (spare / "ports.json").read_text()
    for pid in (up.process.pid, *(up.pid(part) for part in PARTS)):
        os.kill(pid, signal.SIGKILL)
    up.process.wait()
    with running(spare) as again:
        assert again.is_all_ready()
        assert (spare / "ports.json").read_text() == ports


def test_sigterm_ends_everything_in_order_and_leaves_no_process(spare):
    with running(spare) as up:
        assert up.stop() == 0
        stopped = [line.split()[1] for line in up.said().splitlines() if line.endswith(" stopped")]
        assert stopped == ["web", "live", "worker", "ingest", "nats", "postgres"]
        assert living_in(up.home) == []


@pytest.mark.parametrize("moment", ["postgres", "migrate"])
def test_a_wish_to_stop_in_the_middle_of_the_start_is_met(moment):
    with short_folder() as folder:
        up = Up(folder / "home")
        wait_for(lambda: f"{moment:<10} " in up.said() or f"linli_run {moment}" in str(living_in(up.home)))
        assert up.stop(signal.SIGINT, within_s=30) == 0
        assert living_in(up.home) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="everything here already runs as an ordinary user")
def test_an_ordinary_user_starts_it_too():
    python = python_for_all()
    with short_folder() as folder:
        home = folder / "home"
        folder.chmod(0o711)
        home.mkdir()
        os.chown(home, NOBODY, NOBODY)
        site = next(p for p in map(Path, sys.path) if p.name == "site-packages")
        env = clean_environment(home, HOME=str(home))
        env["PYTHONPATH"] += f":{site}"
        up = Up(home, python=python, env=env, prefix=AS_NOBODY)
        try:
            up.wait_ready()
            assert up.is_all_ready(), (up.parts(), up.said())
            assert {p.lstat().st_uid for p in (home / "postgres").rglob("*")} == {NOBODY}
        finally:
            assert up.stop() == 0
        assert living_in(home) == []


def python_for_all() -> str:
    """A Python of this version that an ordinary user may run; a virtual environment under /root is none."""
    version = f"python3.{sys.version_info[1]}"
    for candidate in (str(Path(sys.executable).resolve()), shutil.which(version, path="/usr/bin:/usr/local/bin")):
        # by way of a shell, because setpriv itself still finds what only root may see
        if (
            candidate
            and subprocess.run([*AS_NOBODY, "/bin/sh", "-c", "$0 -c ''", candidate], check=False).returncode == 0
        ):
            return str(candidate)
    pytest.skip(f"no {version} here that an ordinary user may run")
