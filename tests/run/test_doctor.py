import json
import os
import socket
from collections.abc import Iterator

import pytest
from tests.make.run import OURS

from linli_run import doctor, finding
from linli_run.doctor import examine
from linli_run.finding import Grade
from linli_run.main import main


@pytest.fixture
def home(tmp_path, monkeypatch) -> Iterator[None]:
    for name in [n for n in os.environ if n.startswith(OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LINLI_HOME", str(tmp_path / "home"))


def found(about: str) -> finding.Finding:
    return next(f for f in examine() if f.about == about)


def test_every_finding_that_is_bad_comes_with_a_remedy(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    bad = [f for f in examine() if f.grade is Grade.BAD]
    assert bad
    assert all(f.remedy for f in bad)


def test_a_home_at_rest_is_not_ill(home):
    assert [f for f in examine() if f.grade is Grade.BAD] == []
    assert found("NATS").remedy == "Start `linli up`."


def test_a_busy_port_is_named(home):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        from linli_run.home import Home

        Home().prepare()
        (Home().folder / "ports.json").write_text(json.dumps({"web": port}))
        assert f"web {port}" in found("ports").said


def test_a_short_secret_is_bad(home, monkeypatch):
    monkeypatch.setenv("LINLI_SECRET_KEY", "short")
    assert found("settings").grade is Grade.BAD


def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(home, monkeypatch):
    def python(installation: object) -> finding.Finding:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(doctor, "CHECKS", (python, *doctor.CHECKS[1:]))
    assert found("python").said == "ZeroDivisionError: oh"
    assert found("disk").grade is Grade.GOOD


def test_the_exit_code_tells_whether_something_is_bad(home, monkeypatch, capsys):
    assert main(["doctor", "--json"]) == 0
    assert {f["grade"] for f in json.loads(capsys.readouterr().out)} <= {"good", "aside"}
    monkeypatch.setenv("LINLI_SECRET_KEY", "short")
    assert main(["doctor"]) == 1
    assert "✗ settings" in capsys.readouterr().out
