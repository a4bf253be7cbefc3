"""Any sequence of changes and undos: each instant reads as a plain list of snapshots says it stood."""

from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from psycopg import connect

from linli.audit import actions as audit
from linli.changes import actions as changes
from linli.changes import queries
from linli.changes.domain import register
from linli.changes.domain.difference import Deed
from linli.changes.domain.source import Source
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, Invalid, NotAllowedNow, NotFound, NotPermitted

ME = Actor.system("test")
TRIAL = """
CREATE TABLE trial (id bigint PRIMARY KEY, name text NOT NULL, area text, seen point);
SELECT changes_keep_history('trial', 'area IS NULL OR linli_sees_area(area)');
"""


def require(actor, areas):
    if not actor.is_system:
        raise NotPermitted("trial", "no")


@pytest.fixture
def trial(server, fresh_db):
    with connect(server.url("linli_owner", "linli_fresh"), autocommit=True) as owner:
        owner.execute(TRIAL)
    register.enter(register.Register(table="trial", title="Trial", fields={"name": "Name", "area": "Area"},
                                     named="r.name", area="r.area", require=require))


def run(sql, *given):
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall() if cursor.description else []


def stands(relation="trial", *given):
    return {key: (name, area) for key, name, area in run(f"SELECT id, name, area FROM {relation}", *given)}


def write(before, after):
    for key in before.keys() | after.keys():
        if key not in after:
            run("DELETE FROM trial WHERE id = %s", key)
        elif key not in before:
            run("INSERT INTO trial (id, name, area, seen) VALUES (%s, %s, %s, '(1,2)')", key, *after[key])
        else:
            run("UPDATE trial SET name = %s, area = %s WHERE id = %s", *after[key], key)


def differing(before, after):
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


@dataclass
class Done:
    number: int
    before: dict
    after: dict
    touched: set

    @property
    def rows(self):
        return differing(self.before, self.after)


ROWS = st.dictionaries(st.integers(1, 4), st.tuples(st.sampled_from("abc"), st.sampled_from([None, "99"])), max_size=4)


class Histories(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.now, self.sets, self.snapshots = {}, [], []

    @rule(steps=st.lists(ROWS, min_size=1, max_size=3))
    def change(self, steps):
        before, touched = self.now, set()
        with changes.change("a change", actor=ME) as number:
            for after in steps:
                write(self.now, after)
                touched |= differing(self.now, after)
                self.now = after
        self._closed(number, before, touched & (before.keys() | self.now.keys()))

    @rule(pick=st.integers(0, 20))
    def undo(self, pick):
        if not self.sets:
            return
        done = self.sets[pick % len(self.sets)]
        later = self.sets[self.sets.index(done) + 1:]
        if any(done.touched & other.touched for other in later):
            with pytest.raises(Conflict):
                changes.undo(done.number, "back", actor=ME)
            return
        before = self.now
        number = changes.undo(done.number, "back", actor=ME)
        self.now = {k: v for k, v in {**before, **{k: done.before.get(k) for k in done.rows}}.items() if v is not None}
        self._closed(number, before, done.rows)

    def _closed(self, number, before, touched):
        card = queries.card(number)
        if card is None:
            assert before == self.now
            return
        self.sets.append(Done(number, before, self.now, touched))
        self.snapshots.append((card.at, self.now))

    @invariant()
    def reads_as_it_stood(self):
        assert stands() == self.now
        for at, stood in self.snapshots:
            assert stands("trial_as_of(%s)", at) == stood

    @invariant()
    def differs_as_it_was_changed(self):
        if self.sets:
            last = self.sets[-1]
            assert {row.id for row in queries.differences(last.number) if row.fields} == last.rows

    def teardown(self):
        transaction.set_rollback(True)
        self.stack.close()


def test_every_instant_reads_as_it_stood_then_and_undo_restores_or_refuses(trial):
    with audit.acting(ME):
        run_state_machine_as_test(Histories, settings=settings(
            max_examples=30, stateful_step_count=12, deadline=None,
            suppress_health_check=list(HealthCheck)))


def test_without_an_open_set_nothing_is_changed(trial):
    with pytest.raises(IntegrityError):
        run("INSERT INTO trial VALUES (1, 'a')")
    with changes.change("one", actor=ME) as number:
        run("INSERT INTO trial (id, name) VALUES (1, 'a')")
    for deed in ("UPDATE trial SET name = 'b'", "DELETE FROM trial"):
        with pytest.raises(IntegrityError):
            run(deed)
        with pytest.raises(IntegrityError), transaction.atomic():  # a closed set is not opened again
            run("SELECT set_config('linli.change', %s, true)", str(number))
            run(deed)
    assert stands() == {1: ("a", None)}


@pytest.mark.parametrize("sql", [
    "INSERT INTO trial_history (id, name, set_id, until_id) VALUES (1, 'x', 1, 2)", "DELETE FROM trial_history",
    "UPDATE trial_history SET name = 'x'", "TRUNCATE trial_history", "TRUNCATE trial",
    "UPDATE changes_changeset SET reason = 'x'", "UPDATE changes_changeset SET at = now()",
    "DELETE FROM changes_changeset", "INSERT INTO changes_changeset (at, actor, reason, source) VALUES"
    " (now(), 'a', 'b', 'by_hand')", "INSERT INTO changes_changeset (actor, reason, source) VALUES ('a','b','by_hand')",
    "SELECT changes_next_instant()", "SELECT changes_keep_history('trial', 'true')"])
def test_history_cannot_be_rewritten(trial, sql):
    with changes.change("one", actor=ME):
        run("INSERT INTO trial (id, name) VALUES (1, 'a')")
    with changes.change("two", actor=ME):
        run("UPDATE trial SET name = 'b'")
    with pytest.raises(DatabaseError):
        run(sql)


def test_what_changes_nothing_leaves_no_trace(trial):
    with changes.change("one", actor=ME):
        run("INSERT INTO trial (id, name, seen) VALUES (1, 'a', '(1,2)')")
    with changes.change("two", actor=ME) as number:
        run("UPDATE trial SET name = 'a'")
    assert queries.card(number) is None
    assert run("SELECT count(*) FROM trial_history") == [(0,)]


def test_an_inner_set_is_the_outer_one_and_a_failure_takes_all_back(trial):
    with pytest.raises(ZeroDivisionError), changes.change("outer", actor=ME) as outer:
        with changes.change("inner", actor=ME) as inner:
            run("INSERT INTO trial (id, name) VALUES (1, 'a')")
        assert inner == outer
        1 / 0  # noqa: B018
    assert stands() == {}
    assert queries.card(outer) is None
    with changes.change("outer", actor=ME), pytest.raises(NotAllowedNow):
        changes.change("inner", actor=ME, source=Source.UNDO, undoes=1).__enter__()


@pytest.mark.parametrize("reason", ["", "x" * 301])
def test_a_change_says_why(trial, reason):
    with pytest.raises(Invalid), changes.change(reason, actor=ME):
        pass


def test_undo_is_asked_of_the_room_and_names_what_was_changed_since(trial):
    with changes.change("one", actor=ME) as one:
        run("INSERT INTO trial (id, name) VALUES (1, '甲'), (2, '乙')")
    with changes.change("two", actor=ME):
        run("UPDATE trial SET name = '丙' WHERE id = 2")
    with pytest.raises(NotPermitted):
        changes.undo(one, "back", actor=Actor("user:1"))
    with pytest.raises(Conflict, match="丙"):
        changes.undo(one, "back", actor=ME)
    with pytest.raises(NotFound):
        changes.undo(10**9, "back", actor=ME)
    assert len(stands()) == 2


def test_undo_of_the_undo_does_it_again_and_differences_are_told(trial):
    with changes.change("one", actor=ME) as one:
        run("INSERT INTO trial (id, name) VALUES (1, 'a')")
    back = changes.undo(one, "back", actor=ME)
    assert stands() == {}
    assert [row.deed for row in queries.differences(back)] == [Deed.REMOVED]
    with pytest.raises(Conflict):
        changes.undo(one, "back", actor=ME)
    again = changes.undo(back, "again", actor=ME)
    assert stands() == {1: ("a", None)}
    assert queries.count_rows(again) == {"trial": 1}
    assert queries.card(back).undone_by == again
    assert [card.id for card in queries.sets_of_row("trial", 1)] == [again, back, one]
