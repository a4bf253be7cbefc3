"""What Linli runs on may be handed on with it: no GPL, no AGPL, the LGPL only with its reason."""

import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest
from tests.make.docs import ROOT

LGPL_WITH_REASON = {
    "psycopg": "used as a library beside Linli and unchanged; whoever has Linli can put another version in its place",
    "psycopg-binary": "the same library, compiled",
    "psycopg-pool": "the same library's pool",
}
FORBIDDEN = re.compile(r"(?<![A-Za-z])A?GPL|Affero|General Public Licen[sc]e", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser General Public|Library or Lesser", re.IGNORECASE)
LOCK = ROOT / "requirements/run.txt"


def locked() -> list[str]:
    return sorted(re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text("utf-8"), re.MULTILINE))


def terms(package: str) -> str:
    """Return the terms a package states: its licence expression, or its classifiers, or the head of its text."""
    said = metadata(package)
    if said["License-Expression"]:
        return str(said["License-Expression"])
    classified = [c.removeprefix("License :: ") for c in said.get_all("Classifier") or [] if c.startswith("License")]
    return "; ".join([*classified, (said["License"] or "")[:200]])


@pytest.mark.parametrize("package", locked() if LOCK.exists() else [])
def test_a_package_linli_runs_on_states_terms_we_can_pass_on(package):
    try:
        said = terms(package)
    except PackageNotFoundError:
        pytest.skip(f"{package} is for another platform or Python")
    assert said.strip("; "), f"{package} states no licence"
    if LESSER.search(said):
        assert package in LGPL_WITH_REASON, f"{package}: {said}"
    else:
        assert not FORBIDDEN.search(said), f"{package}: {said}"


def test_the_lock_names_what_linli_runs_on():
    assert {"django", "psycopg", "numpy"} <= set(locked())


def test_no_reason_is_kept_for_a_package_that_left():
    assert set(LGPL_WITH_REASON) <= set(locked())


@pytest.mark.parametrize(("said", "allowed"), [
    ("MIT", True), ("BSD-3-Clause AND 0BSD AND MIT", True), ("Apache-2.0", True), ("PostgreSQL", True),
    ("GPL-3.0-or-later", False), ("AGPL-3.0-only", False), ("GNU General Public License v3 (GPLv3)", False),
    ("GNU Affero General Public License v3", False), ("OSI Approved :: GNU General Public License (GPL)", False),
])
def test_the_copyleft_terms_are_recognised(said, allowed):
    assert bool(FORBIDDEN.search(said)) is not allowed


def test_linli_itself_is_under_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text.splitlines()) == 201
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text("utf-8")
