"""The reference says what the code says, all of it, and no page is kept by hand that a program can write."""

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.make.docs import ROOT

from linli_run.reference import __main__ as reference
from linli_run.reference import addresses, commands, events, presets, refusals, settings, source

FOLDER = ROOT / "docs/reference"


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return reference.contents()


def test_the_committed_pages_are_what_the_code_writes(written):
    pages = (path for path in FOLDER.glob("*.md") if not path.name.startswith("measured."))  # no program can write it
    committed = {path.name: path.read_text("utf-8") for path in pages}
    stale = sorted(name for name in committed | written if committed.get(name) != written.get(name))
    assert not stale, f"run: python -m linli_run.reference docs/reference  (stale: {stale})"


def test_writing_twice_gives_the_same_bytes(written):
    assert reference.contents() == written


def test_the_pages_do_not_depend_on_who_writes_them(tmp_path):
    stranger = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "LANG": "C", "TZ": "Pacific/Auckland",
                "LINLI_HOME": "/nowhere", "LINLI_WEB_URL": "https://linli.example", "LINLI_DEMO": "1"}
    subprocess.run([sys.executable, "-m", "linli_run.reference", str(tmp_path)], env=stranger, check=True,
                   capture_output=True, cwd=tmp_path)
    assert {p.name: p.read_text("utf-8") for p in tmp_path.glob("*.md")} == reference.contents()


def test_every_variable_the_code_reads_is_explained():
    assert set(settings.read_by()) == set(settings.VARIABLES)


def test_a_variable_nobody_explained_stops_the_page(monkeypatch):
    monkeypatch.delitem(settings.VARIABLES, "LINLI_HOME")
    with pytest.raises(LookupError, match="LINLI_HOME"):
        settings.write()


def test_every_command_and_every_choice_of_it_says_what_it_is_for():
    for command in commands.listed():
        assert command.help, command.name
        for parser in _parsers(commands.parser_of(command)):
            silent = [a.dest for a in parser._actions if not a.help and a.dest not in {"help", "command"}
                      and not hasattr(a.choices, "values")]
            assert not silent, f"linli {command.name}: {silent} need a help text"


def test_every_event_of_every_room_is_found():
    declared = set()
    for path in sorted((ROOT / "src/linli").glob("*/events*")):
        module = importlib.import_module(f"linli.{path.parent.name}.events")
        declared |= {kind.name() for kind in vars(module).values()
                     if isinstance(kind, type) and issubclass(kind, module.Event) and kind is not module.Event}
    assert {event.name() for event in events.announced()} == declared


def test_every_subscription_names_an_event_and_handlers_that_exist():
    names = {event.__name__ for event in events.announced()}
    heard = source.subscriptions()
    assert set(heard) <= names
    assert all(handlers for handlers in heard.values())


def test_every_operation_of_the_api_and_every_page_says_what_it_does():
    silent = [path for _, path, operation in addresses.operations() if not addresses._said(operation)]
    silent += [address for address, route in addresses.pages() if not route.callback.__doc__]
    assert not silent


def test_a_code_stands_for_one_text():
    told: dict[str, set[str]] = {}
    for one in refusals.codes():
        told.setdefault(one.code, set()).add(one.message)
    assert not {code: texts for code, texts in told.items() if len(texts) > 1}


def test_every_preset_says_where_it_comes_from_and_whether_it_was_verified():
    assert presets.origins()


def test_a_preset_that_hides_its_origin_stops_the_page(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "presets", tmp_path / "presets")
    (tmp_path / "presets/hearsay.json").write_text('[{"code": "x", "scheme": "none", "version": "1"}]')
    monkeypatch.setattr(presets.presets, "folder", lambda: Path(tmp_path, "presets"))
    with pytest.raises(LookupError, match="hearsay"):
        presets.origins()


def _parsers(parser) -> Iterator:
    yield parser
    for action in parser._actions:
        if isinstance(action.choices, dict):
            for child in action.choices.values():
                yield from _parsers(child)
