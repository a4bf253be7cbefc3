import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from linli_run import home as home_module
from linli_run.home import Home
from linli_run.trouble import Trouble


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def home(tmp_path) -> Home:
    made = Home(tmp_path / "parent" / "深 家")
    made.prepare()
    return made


def test_everything_in_a_home_is_closed_to_others(home):
    assert mode(home.folder) == 0o700
    assert {mode(p) for p in (home.nats, home.files, home.logs, home.run)} == {0o700}


def test_an_open_home_is_closed_and_its_parents_are_left_alone(tmp_path):
    parent, folder = tmp_path / "parent", tmp_path / "parent" / "home"
    folder.mkdir(parents=True)
    parent.chmod(0o755)
    folder.chmod(0o755)
    Home(folder).prepare()
    assert (mode(parent), mode(folder)) == (0o755, 0o700)


def test_a_home_of_somebody_else_is_refused(home, monkeypatch):
    monkeypatch.setattr(home_module.os, "getuid", lambda: os.geteuid() + 1)
    with pytest.raises(Trouble, match="belongs to user"):
        home.prepare()


def test_a_home_that_cannot_be_made_is_a_trouble_with_a_remedy(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be used") as caught:
        Home(tmp_path / "file" / "home").prepare()
    assert "LINLI_HOME" in caught.value.remedy


def test_a_secret_stays_the_same_and_is_for_the_owner_only(home):
    first = home.secret("key")
    assert len(first) >= 32
    assert Home(home.folder).secret("key") == first
    assert home.secret("nats") != first
    assert {mode(p) for p in (home.folder / "secrets").iterdir()} == {0o600}


def test_one_home_has_one_supervisor(home):
    with home.supervised():
        assert home.is_supervised()
        with pytest.raises(Trouble, match=f"under process {os.getpid()}"), Home(home.folder).supervised():
            pass
    assert not home.is_supervised()


def test_the_hold_on_a_home_ends_with_a_killed_supervisor(home):
    code = (
        "import sys, time; from pathlib import Path; from linli_run.home import Home\n"
        "with Home(Path(sys.argv[1])).supervised():\n  print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, home.folder], stdout=subprocess.PIPE, env=with_source())
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    assert home.is_supervised()
    holder.kill()
    holder.communicate()
    assert not home.is_supervised()


def test_the_default_home_is_the_platforms_place_for_data(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("LINLI_HOME")
    monkeypatch.setattr(home_module.sys, "platform", "linux")
    assert Home().folder == tmp_path / "linli"


def with_source() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(home_module.__file__).parents[1])}
