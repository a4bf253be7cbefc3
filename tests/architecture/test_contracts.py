"""Each import contract was seen to break: a copy of the house with one wrong import in it is refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(where: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run([sys.executable, "-c", command, "--no-cache"], cwd=where, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(where / "src")}, check=False)


def test_the_house_keeps_its_contracts():
    told = lint(ROOT)
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-1000:]


@pytest.mark.parametrize(("path", "line", "contract"), [
    ("src/linli/areas/domain/crooked.py", "import linli.cases.domain.workflow", "The ladder"),
    ("src/linli/cases/domain/crooked.py", "import linli.cases.models", "Inside every room"),
    ("src/linli/cases/domain/crooked.py", "import django.db", "A pure heart"),
    ("src/linli_ingest/crooked.py", "import django.db", "A pure heart"),
    ("src/linli_live/crooked.py", "import linli.command.handlers", "A pure heart"),
    ("src/linli/alerts/domain/crooked.py", "import linli_run.main", "Below the command"),
    ("src/linli_ingest/crooked.py", "import linli_city.build", "The truth feeds no rule"),
    ("src/linli/alerts/crooked.py", "import linli.cases.models", "Only cases touches its tables"),
    ("src/linli/crooked/__init__.py", "", "The ladder"),
])
def test_a_contract_that_is_broken_says_so(tmp_path, path, line, contract):
    shutil.copytree(ROOT / "src", tmp_path / "src",
                    ignore=shutil.ignore_patterns("__pycache__", "static", "templates", "locale"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(line + "\n")
    told = lint(tmp_path)
    assert told.returncode != 0
    assert contract in told.stdout + told.stderr
    assert "BROKEN" in told.stdout or "crooked" in told.stdout + told.stderr
