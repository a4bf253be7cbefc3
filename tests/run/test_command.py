import json
import subprocess
import sys

import pytest

from linli_run import main as module
from linli_run.main import COMMANDS, main
from linli_run.trouble import Trouble


def help_text(capsys) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_help_lists_every_command_for_people_and_none_for_the_supervisor(capsys):
    listed = {line.split()[0] for line in help_text(capsys).splitlines() if line.startswith("    ")}
    assert listed == {c.name for c in COMMANDS if not c.is_internal}


def test_a_command_that_is_not_written_yet_is_not_listed(capsys, monkeypatch):
    later = module.Command("audit", "verify the seal", "linli_run.not_written")
    monkeypatch.setattr(module, "COMMANDS", (*COMMANDS, later))
    assert "verify the seal" not in help_text(capsys)


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["nonsense"])
    assert ended.value.code == 2
    assert "nonsense" in capsys.readouterr().err


def test_a_trouble_is_told_with_its_remedy_and_ends_with_one(capsys, monkeypatch):
    def fail(args: object) -> int:
        raise Trouble("The disk is full.", "Free some space.")

    monkeypatch.setattr("linli_run.doctor.run", fail)
    assert main(["doctor"]) == 1
    assert capsys.readouterr().err == "linli: The disk is full.\n  → Free some space.\n"


def test_a_part_alone_says_what_is_missing_when_nothing_runs(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("LINLI_HOME", str(tmp_path / "home"))
    for name in ("DATABASE_URL", "NATS_URL"):
        monkeypatch.delenv(name, raising=False)
    assert main(["worker"]) == 1
    said = capsys.readouterr().err
    assert "PostgreSQL and NATS" in said
    assert "linli up" in said


def test_the_command_starts_without_loading_django_or_numba():
    code = "import sys, linli_run.main; print([m for m in ('django', 'numba', 'numpy') if m in sys.modules])"
    env = {"PYTHONPATH": str(module.__file__).removesuffix("/linli_run/main.py")}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env).stdout
    assert said.strip() == "[]"


def test_the_description_of_the_api_is_printed_as_json(capsys):
    assert main(["openapi"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert described["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in described["paths"])


def test_a_console_that_knows_no_chinese_is_no_reason_to_fail():
    env = {"PYTHONPATH": str(module.__file__).removesuffix("/linli_run/main.py"), "PYTHONIOENCODING": "ascii"}
    asked = subprocess.run([sys.executable, "-m", "linli_run", "--help"], env=env, capture_output=True, check=False)
    assert (asked.returncode, asked.stderr) == (0, b"")
