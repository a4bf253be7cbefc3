import sqlite3

import pytest

from linli_edge.journal import HEADROOM, DiskFull, Journal
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


def test_a_message_keeps_its_age_through_a_new_session(tmp_path, monkeypatch):
    journal, run = filled(tmp_path / "kept")
    since = journal.oldest_at()
    monkeypatch.setattr("linli_edge.journal.time.time", lambda: since + 500)
    run.kept.append('"ts":3')
    journal.added(run)
    run.told(1, "s", 0.0)
    journal.stored(run)
    run.renew()
    journal.renewed(run)
    assert journal.oldest_at() == since
    run.told(2, run.session, 0.0)
    journal.stored(run)
    assert journal.oldest_at() == since + 500
    journal.close()


def test_many_messages_at_once_are_kept_all_or_none(tmp_path):
    journal, run = filled(tmp_path / "kept")
    run.kept.extend(["a", "b"])
    journal.added(run, 2)
    journal.close()
    assert remembered(tmp_path / "kept")["mc-1"][2] == ['"ts":0', '"ts":1', '"ts":2', "a", "b"]


def test_the_last_of_a_disk_is_not_taken_for_letting_go_needs_room_too(tmp_path, monkeypatch):
    journal, run = filled(tmp_path / "kept")
    free = monkeypatch.setattr
    free("linli_edge.journal.shutil.disk_usage", lambda _: Usage(HEADROOM))
    run.kept.append('"ts":3')
    with pytest.raises(DiskFull, match=f"{HEADROOM} bytes are left"):
        journal.added(run)
    free("linli_edge.journal.shutil.disk_usage", lambda _: Usage(HEADROOM + 1))
    journal.added(run)
    assert len(remembered_of(journal)["mc-1"].kept) == 4
    journal.close()


class Usage:
    def __init__(self, free):
        self.free = free


def remembered_of(journal):
    return journal.runs()
