"""The chain in the database: sealed as committed, once, by whoever comes; and what was done to it shows."""

import argparse
import json
import random
import threading
import time

import pytest
from django.conf import settings
from django.db import InternalError, ProgrammingError, connection, transaction
from psycopg import connect, errors

from linli.audit import actions as audit
from linli.audit import queries
from linli.audit.queries import chain, kept
from linli.kernel.actor import Actor
from linli_run import audit as command

ME = Actor("user:1", ())
ODD = "tab\there, 换行\n, \\ and \"quotes\""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LINLI_HOME", tmp_path)
    return tmp_path


@pytest.fixture
def blank(fresh_db, home, superuser):
    """No entry, not even those that the migrations wrote."""
    superuser.execute("DELETE FROM audit_unsealed; DELETE FROM audit_entry")


@pytest.fixture
def trail(blank, home):
    """Three rounds of ten entries, sealed."""
    for _ in range(3):
        with transaction.atomic():
            for number in range(10):
                audit.record("test.done", actor=ME, target=f"thing:{number}", note=ODD)
        assert audit.seal() == 10
    return home


@pytest.fixture
def superuser(server, fresh_db):
    """A line into the same database that no trigger and no key stops."""
    with connect(server.admin_url.replace("/postgres", "/linli_fresh"), autocommit=True) as line:
        line.execute("SET session_replication_role = replica")
        yield line


def test_what_is_committed_is_sealed_once_and_in_order(trail):
    found = queries.found()
    assert (found.last.number, found.is_whole, found.checkpoints, found.tail.waiting) == (30, True, 1, 0)
    assert audit.seal() == 0


def test_what_is_not_committed_waits_and_what_is_taken_back_never_comes(trail):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record("test.undone", actor=ME, target="thing:1")
        raise ZeroDivisionError
    assert audit.seal() == 0
    audit.record("test.done", actor=ME, target="thing:1")
    assert queries.tail().waiting == 1
    assert not queries.found().outside


def test_an_entry_that_commits_late_is_sealed_after_those_that_came_first(trail, server):
    with connect(server.url("linli_app", "linli_fresh")) as slow:
        slow.execute("INSERT INTO audit_entry (at, actor, deed, target, facts)"
                     " VALUES (clock_timestamp(), 'user:2', 'test.slow', 'thing:slow', '{}')")
        audit.record("test.quick", actor=ME, target="thing:quick")
        assert audit.seal() == 1
        slow.commit()
    assert audit.seal() == 1
    assert queries.found().is_whole
    with connection.cursor() as cursor:
        cursor.execute("SELECT e.deed FROM audit_seal s JOIN audit_entry e ON e.id = s.entry_id"
                       " WHERE s.number > 30 ORDER BY s.number")
        assert [deed for (deed,) in cursor.fetchall()] == ["test.quick", "test.slow"]


def test_many_sealers_and_many_writers_at_once_make_one_chain(blank):
    done = threading.Event()

    def write():
        for number in range(40):
            audit.record("test.done", actor=ME, target=f"thing:{number}")
        connection.close()

    def seal():
        while not done.is_set():
            audit.seal()
            time.sleep(0.002)
        connection.close()

    writers, sealers = ([threading.Thread(target=work) for _ in range(4)] for work in (write, seal))
    for thread in (*writers, *sealers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in sealers:
        thread.join()
    audit.seal()
    found = queries.found()
    assert (found.last.number, found.is_whole, found.tail.waiting) == (160, True, 0)


def test_the_application_changes_no_seal(trail):
    for statement in ("UPDATE audit_seal SET number = number + 1", "DELETE FROM audit_seal", "TRUNCATE audit_seal",
                      "UPDATE audit_unsealed SET entry_id = entry_id", "TRUNCATE audit_unsealed"):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_not_even_the_owner_changes_a_seal(trail, server):
    with connect(server.url("linli_owner", "linli_fresh"), autocommit=True) as owner:
        for statement in ("UPDATE audit_seal SET digest = digest", "DELETE FROM audit_seal", "TRUNCATE audit_seal"):
            with pytest.raises(errors.RaiseException):
                owner.execute(statement)


TAMPERINGS = {
    "another actor": "UPDATE audit_entry SET actor = 'user:9' WHERE id = {entry}",
    "another time": "UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = {entry}",
    "another fact": "UPDATE audit_entry SET facts = facts || '{{\"note\": \"other\"}}' WHERE id = {entry}",
    "another target": "UPDATE audit_entry SET target = target || '1' WHERE id = {entry}",
    "an entry gone": "DELETE FROM audit_entry WHERE id = {entry}",
    "a seal gone": "DELETE FROM audit_seal WHERE number = {number}",
    "an entry and its seal gone": "DELETE FROM audit_seal WHERE number = {number};"
                                  " DELETE FROM audit_entry WHERE id = {entry}",
    "the tail gone": "DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE number >= {number});"
                     " DELETE FROM audit_seal WHERE number >= {number}",
    "an entry slipped in": "INSERT INTO audit_entry (at, actor, deed, target, facts)"
                           " VALUES (now(), 'user:1', 'test.done', 'thing:1', '{{}}')",
    "a digest": "UPDATE audit_seal SET digest = sha256(digest) WHERE number = {number}",
    "two digests changed over": "UPDATE audit_seal s SET digest = t.digest FROM audit_seal t"
                                " WHERE s.number IN ({number}, 31 - {number}) AND t.number = 31 - s.number",
    "a method": "UPDATE audit_seal SET method = 'sm3' WHERE number = {number}",
    "the last signature": "UPDATE audit_seal SET signature = NULL WHERE number = 30",
    "a signature moved": "UPDATE audit_seal SET signature = (SELECT signature FROM audit_seal WHERE number = 10)"
                         " WHERE number = 20",
}  # fmt: skip


def test_whatever_a_superuser_does_to_it_is_found(trail, superuser):
    missed = []
    for name, tampering in TAMPERINGS.items():
        draw = random.Random(name)
        for _ in range(12):
            number = draw.randint(1, 30)
            (entry,) = superuser.execute("SELECT entry_id FROM audit_seal WHERE number = %s", [number]).fetchone()
            with pytest.raises(Undo), superuser.transaction():
                superuser.execute(tampering.format(number=number, entry=entry))
                if found_on(superuser).is_whole:
                    missed.append((name, number))
                raise Undo
    assert missed == []
    assert queries.found().is_whole


class Undo(Exception):
    pass


def found_on(line):
    """Verify within the tamperer's own transaction, so that it can be taken back."""
    kept_points = {point.number: point.digest for point in kept.checkpoints(kept.own_folder())}
    keys = kept.public_keys(kept.folder() / kept.PUBLIC_KEYS)
    with line.cursor() as cursor:
        return chain.counted(cursor, keys, kept_points)


def test_the_command_says_what_is_wrong_where_and_ends_with_one(trail, superuser, capsys):
    assert run("verify") == 0
    assert capsys.readouterr().out.endswith("whole\n")
    superuser.execute("UPDATE audit_entry SET actor = 'user:9' WHERE id ="
                      " (SELECT entry_id FROM audit_seal WHERE number = 7)")
    assert run("verify", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert [(fault["number"], fault["kind"]) for fault in told["faults"]] == [(7, "changed")]
    assert run("verify") == 1
    assert "link 7: the entry, or its seal" in capsys.readouterr().out


def test_another_key_than_the_published_one_does_not_count(trail, tmp_path, capsys):
    strange = tmp_path / "strange-keys"
    strange.write_text("ab" * 32 + "\n")
    assert run("verify", "--public-keys", str(strange), "--json") == 1
    assert {fault["kind"] for fault in json.loads(capsys.readouterr().out)["faults"]} == {"forged"}


def test_a_cut_chain_is_not_sealed_on_until_somebody_says_why(trail, superuser, capsys):
    superuser.execute("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE number > 20);"
                      " DELETE FROM audit_seal WHERE number > 20")
    audit.record("test.after", actor=ME, target="thing:1")
    with pytest.raises(audit.Torn):
        audit.seal()
    assert queries.tail().waiting == 1
    assert run("verify") == 1
    assert "link 30: this link was kept outside" in capsys.readouterr().out

    assert run("resume", "restored from the backup of Sunday") == 0
    assert audit.seal() == 2
    assert [entry.facts["gone"] for entry in queries.entries_of("audit")] == [[30]]
    assert queries.found().is_whole
    assert len(list(kept.own_folder().glob("put-aside/*"))) == 1


def test_the_key_is_for_its_owner_only_and_made_once(trail):
    key = trail / "secrets" / "audit-seal"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len((trail / "audit" / "public-keys").read_text().split()) == 1


def test_a_day_keeps_one_checkpoint(trail):
    assert len(list(kept.own_folder().glob(kept.DAYS))) == 1
    assert kept.latest() == queries.found().last


def run(*words: str) -> int:

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))
