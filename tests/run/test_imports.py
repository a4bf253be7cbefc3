"""Files of knowledge taken in by the operator."""

import json

import pytest
from tests.calendar.test_holidays import NEXT

from linli.calendar.events import CalendarChanged
from linli.calendar.models import CalendarYear
from linli_run import imports
from linli_run.main import main
from linli_run.trouble import Trouble


@pytest.fixture
def take(fresh_db, tmp_path, capsys):
    path = tmp_path / "节假日 2027.json"

    def run(content: object, *flags: str) -> str:
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        import argparse

        parser = argparse.ArgumentParser()
        imports.add_arguments(parser)
        assert imports.run(parser.parse_args(["holidays", str(path), *flags])) == 0
        return capsys.readouterr().out

    return run


def test_a_change_of_the_calendar_is_told_once(take, monkeypatch):
    told = []
    monkeypatch.setattr("linli.calendar.actions.outbox.publish", told.append)
    take([NEXT])
    take([NEXT])
    assert told == [CalendarChanged(first_year=2027)]


def test_a_year_is_looked_at_then_loaded_then_known(take):
    assert take([NEXT], "--dry-run") == "Would load: 2027.\n"
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert take([NEXT]).startswith("Loaded: 2027.")
    assert CalendarYear.objects.get(year=2027).off[0].isoformat() == "2026-12-31"
    assert take([NEXT]).startswith("Nothing new")


@pytest.mark.parametrize(("content", "words"), [
    ([{**NEXT, "worked": ["2027-01-04"]}], "Entry 1, worked: 2027-01-04 is no Saturday"),
    ("{", "is not JSON"), ("[]", "one entry for each year"), ("x" * 1_000_001, "larger than"),
])
def test_what_cannot_be_taken_in_says_why(take, content, words):
    with pytest.raises(Trouble, match=words):
        take(content)
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_a_file_that_is_not_there(tmp_path, capsys):
    with pytest.raises(Trouble, match="cannot be read"):
        imports._read(tmp_path / "none.json")
    with pytest.raises(SystemExit):
        main(["import", "secrets", "x"])
