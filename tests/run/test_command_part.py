import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.make.run import wait_for

from linli_run import up
from linli_run.command_part import CommandPart, answers, our_command
from linli_run.home import Home
from linli_run.processes import is_alive, works_in

LEAVES_A_CHILD = "trap '' TERM; (trap '' TERM HUP; sleep 60) & echo $! > child; wait"


@pytest.fixture
def home(tmp_path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


@pytest.fixture
def part(home) -> Callable[[str], CommandPart]:
    made = []

    def make(script: str) -> CommandPart:
        made.append(CommandPart("web", ["/bin/sh", "-c", script], home=home, env=dict(os.environ)))
        return made[-1]

    yield make
    for one in made:
        one.stop(within_s=0.1)


def test_a_part_that_will_not_end_is_ended_and_its_children_with_it(part):
    stubborn = part(LEAVES_A_CHILD)
    stubborn.begin()
    child = int(wait_for(lambda: read(stubborn.folder / "child")))
    stubborn.stop(within_s=0.2)
    wait_for(lambda: not is_alive(child), 5)
    assert stubborn.running_pid() is None


def test_what_a_killed_part_left_behind_is_ended_before_it_starts_again(part):
    killed = part(LEAVES_A_CHILD)
    killed.begin()
    child = int(wait_for(lambda: read(killed.folder / "child")))
    killed.child.kill()
    killed.child.wait()
    assert is_alive(child)
    (killed.folder / "child").unlink()
    killed.begin()
    wait_for(lambda: not is_alive(child), 5)
    assert killed.running_pid() is not None


def test_a_part_of_an_earlier_supervisor_is_known_by_its_folder_and_ended(part):
    earlier = part("exec sleep 60")
    earlier.begin()
    later = part("exec sleep 60")
    assert later.running_pid() == earlier.child.pid
    later.begin()
    assert earlier.child.wait(10) is not None
    assert later.running_pid() == later.child.pid


def test_a_stranger_with_the_number_of_a_part_is_left_alone(part):
    stranger = subprocess.Popen(["/bin/sleep", "60"])
    try:
        ours = part("exec sleep 60")
        ours.folder.mkdir()
        ours.folder.with_suffix(".pid").write_text(str(stranger.pid))
        assert ours.running_pid() is None
        ours.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_whoever_still_works_in_the_home_is_ended_at_the_start_and_nobody_else(home, tmp_path, capsys):
    (home.run / "web").mkdir()
    here = subprocess.Popen(["/bin/sleep", "60"], cwd=home.run / "web")
    elsewhere = subprocess.Popen(["/bin/sleep", "60"], cwd=tmp_path)
    try:
        wait_for(lambda: works_in(here.pid, home.run / "web"))
        up.end_leftovers(home)
        assert here.wait(5) is not None
        assert elsewhere.poll() is None
        assert f"ending process {here.pid}" in capsys.readouterr().out
    finally:
        for process in (here, elsewhere):
            process.kill()
            process.wait()


def test_a_child_whose_parent_died_before_it_could_bind_itself_ends_at_once():
    code = "from linli_run.processes import die_with_parent, signal; die_with_parent(signal.SIGTERM, 1); print(1)"
    env = {**os.environ, "PYTHONPATH": str(Path(up.__file__).parents[1])}
    ended = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (-15, b"")


def test_a_probe_of_a_closed_port_says_no_without_raising():
    began = time.monotonic()
    assert answers("http://127.0.0.1:1/healthz")() is False
    assert time.monotonic() - began < 5


def test_our_own_modules_are_not_looked_for_in_the_folder_of_a_part():
    assert our_command("web")[1:] == ["-P", "-m", "linli_run", "web"]


def read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
