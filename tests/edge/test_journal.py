import sqlite3

import pytest

from linli_edge.journal import Journal
from linli_edge.run import Run


def remembered(path):
    journal = Journal(path)
    runs = {device: (run.session, run.acked, list(run.kept)) for device, run in journal.runs().items()}
    journal.close()
    return runs


def filled(path, count=3):
    journal, run = Journal(path), Run("mc-1", "s")
    for at in range(count):
        run.kept.append(f'"ts":{at}')
        journal.added(run)
    return journal, run


def test_what_was_kept_is_there_after_the_end_of_the_process(tmp_path):
    journal, _ = filled(tmp_path / "kept")
    journal.close()
    assert remembered(tmp_path / "kept") == {"mc-1": ("s", 0, ['"ts":0', '"ts":1', '"ts":2'])}


def test_what_was_told_stored_is_let_go_and_the_numbers_go_on(tmp_path):
    journal, run = filled(tmp_path / "kept")
    run.told(2, "s", 0.0)
    journal.stored(run)
    journal.close()
    assert remembered(tmp_path / "kept") == {"mc-1": ("s", 2, ['"ts":2'])}


def test_a_new_session_is_written_with_everything_kept(tmp_path):
    journal, run = filled(tmp_path / "kept")
    run.told(2, "s", 0.0)
    journal.stored(run)
    run.renew()
    journal.renewed(run)
    journal.close()
    assert remembered(tmp_path / "kept") == {"mc-1": (run.session, 0, ['"ts":2'])}


def test_two_senders_cannot_use_one_journal(tmp_path):
    journal, _ = filled(tmp_path / "kept")
    with pytest.raises(sqlite3.OperationalError):
        Journal(tmp_path / "kept")
    journal.close()
