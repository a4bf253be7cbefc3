import threading

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import InternalError

from linli.audit import actions as audit
from linli.audit import queries
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.role import Role

STREET_1 = Actor("user:1", (Post(Role.STREET, "990101001"),))
STREET_2 = Actor("user:2", (Post(Role.STREET, "990101002"),))
UNIT_7 = Actor("user:3", (Post(Role.UNIT, unit=7),))


def sees(area: str, unit: int = 0) -> tuple[bool, bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT linli_sees_area(%s), linli_sees_unit(%s)", [area, unit])
        return cursor.fetchone()


def test_the_tests_speak_to_the_database_as_the_plain_role(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("linli_app", False)


def test_without_a_scope_nothing_is_in_sight(db):
    assert sees("990101001") == (False, False)
    assert sees("") == (False, False)


def test_a_post_shows_its_area_a_unit_its_cases_and_linli_itself_everything(db):
    with audit.acting(STREET_1):
        assert sees("990101001002", 7) == (True, False)
        assert sees("990101002002", 7) == (False, False)
    with audit.acting(UNIT_7):
        assert sees("990101001002", 7) == (False, True)
    with audit.acting(ANONYMOUS):
        assert sees("990101001002", 7) == (False, False)
    with audit.acting(Actor.system("test")):
        assert sees("", 7)[0]


def test_an_inner_scope_ends_with_its_block_even_when_it_fails(db):
    with audit.acting(STREET_1):
        with audit.acting(Actor.system("test")):
            assert sees("990101002")[0]
        assert not sees("990101002")[0]
        with pytest.raises(ZeroDivisionError), audit.acting(STREET_2):
            raise ZeroDivisionError
        assert sees("990101001")[0]
        assert not sees("990101002")[0]


def test_fifty_interleaved_actors_never_see_each_others_areas(fresh_db):
    wrong = []

    def look(number: int) -> None:
        mine, other = f"990101{number:03d}", f"990101{(number + 1) % 50:03d}"
        for _ in range(5):
            with audit.acting(Actor(f"user:{number}", (Post(Role.STREET, mine),))):
                if sees(mine) != (True, False) or sees(other) != (False, False):
                    wrong.append(number)
            if sees(mine) != (False, False):
                wrong.append(number)
        connection.close()

    threads = [threading.Thread(target=look, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_trail_stands_beside_the_deed_and_falls_with_it(db):
    audit.record("test.kept", actor=STREET_1, target="thing:1", note="kept")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record("test.undone", actor=STREET_1, target="thing:1")
        raise ZeroDivisionError
    assert [(e.deed, e.actor, e.facts) for e in queries.entries_of("thing:1")] == [
        ("test.kept", "user:1", {"note": "kept"})]


@pytest.mark.parametrize("statement", [
    "UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"])
def test_nobody_changes_the_trail(db, statement):
    audit.record("test.done", actor=STREET_1, target="thing:1")
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_not_even_the_owner_changes_the_trail(server, fresh_db):
    from psycopg import connect, errors

    audit.record("test.done", actor=STREET_1, target="thing:1")
    with connect(server.url("linli_owner", "linli_fresh"), autocommit=True) as owner:
        for statement in ("UPDATE audit_entry SET actor = ''", "DELETE FROM audit_entry",
                          "TRUNCATE audit_entry CASCADE"):
            with pytest.raises(errors.RaiseException):
                owner.execute(statement)
