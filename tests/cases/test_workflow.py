"""The table of moves, pair by pair and at random, with whatever else may hold of a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.domain import workflow
from linli.cases.domain.facts import Fact
from linli.cases.domain.workflow import FINAL, MOVES, State
from linli.kernel.errors import Invalid, NotAllowedNow, NotFound
from linli.kernel.role import Role

ALLOWED = {  # state and move to what it leads to; then what must hold, and one thing that forbids it
    ("reported", "accept"): "accepted",
    ("reported", "reject"): "void",
    ("accepted", "reject"): "void",
    ("accepted", "ask_to_verify"): "verifying",
    ("verifying", "verify"): "accepted",
    ("verifying", "not_found"): "accepted",
    ("accepted", "file"): "filed",
    ("verifying", "file"): "filed",
    ("filed", "dispatch"): "dispatched",
    ("dispatched", "dispatch"): "dispatched",
    ("dispatched", "return_to_dispatcher"): "filed",
    ("dispatched", "ask_extension"): "dispatched",
    ("dispatched", "agree_extension"): "dispatched",
    ("dispatched", "refuse_extension"): "dispatched",
    ("dispatched", "ask_suspension"): "dispatched",
    ("dispatched", "agree_suspension"): "dispatched",
    ("dispatched", "refuse_suspension"): "dispatched",
    ("dispatched", "resume"): "dispatched",
    ("dispatched", "report_done"): "handled",
    ("handled", "check"): "checked",
    ("handled", "send_back"): "dispatched",
    ("checked", "send_back"): "dispatched",
    ("checked", "close"): "closed",
    ("closed", "reopen"): "dispatched",
    ("closed", "refuse_closure"): "dispatched",
}
ONLY = {
    "agree_extension": Fact.EXTENSION_ASKED, "refuse_extension": Fact.EXTENSION_ASKED,
    "agree_suspension": Fact.SUSPENSION_ASKED, "refuse_suspension": Fact.SUSPENSION_ASKED,
    "resume": Fact.SUSPENDED, "refuse_closure": Fact.MAY_BE_REFUSED,
}
FORBID = [
    ("ask_extension", Fact.EXTENSION_ASKED), ("ask_extension", Fact.SUSPENSION_ASKED),
    ("ask_extension", Fact.EXTENDED_OUT), ("ask_extension", Fact.OVERDUE), ("ask_extension", Fact.SUSPENDED),
    ("ask_suspension", Fact.SUSPENDED_BEFORE), ("ask_suspension", Fact.EXTENSION_ASKED),
    ("ask_suspension", Fact.SUSPENSION_ASKED), ("report_done", Fact.SUSPENDED),
    ("return_to_dispatcher", Fact.SUSPENDED), ("dispatch", Fact.SUSPENDED),
]
PAIRS = [(state, move) for state in State for move in MOVES]
ALL_NEEDS = frozenset().union(*(move.needs for move in MOVES.values()))
names_and_facts = st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.frozensets(st.sampled_from(list(Fact)))),
                           max_size=40)


def walk(course: list[tuple[str, frozenset[Fact]]]) -> tuple[State, list[str]]:
    """Take those moves that are possible one after the other; return where they lead and which were taken."""
    state, taken = State.REPORTED, []
    for name, facts in course:
        if name in workflow.moves_from(state, facts):
            state = workflow.after(state, name, ALL_NEEDS, facts)
            taken.append(name)
    return state, taken


def test_every_state_allows_exactly_the_moves_of_the_table():
    for state, name in PAIRS:
        target, facts = ALLOWED.get((state.value, name)), MOVES[name].only
        assert (name in workflow.moves_from(state, facts)) == (target is not None), (state, name)
        if target:
            assert workflow.after(state, name, ALL_NEEDS, facts) == target, (state, name)
        else:
            with pytest.raises(NotAllowedNow):
                workflow.after(state, name, ALL_NEEDS, facts)


def test_what_must_hold_of_a_case_is_asked_for():
    assert {name: set(move.only) for name, move in MOVES.items() if move.only} == {k: {v} for k, v in ONLY.items()}
    for name in ONLY:
        source = sorted(MOVES[name].sources)[0]
        assert name not in workflow.moves_from(source)
        with pytest.raises(NotAllowedNow):
            workflow.after(source, name, ALL_NEEDS)


@pytest.mark.parametrize(("name", "fact"), FORBID)
def test_what_holds_of_a_case_forbids_a_move(name, fact):
    source = sorted(MOVES[name].sources)[0]
    assert name in workflow.moves_from(source)
    assert name not in workflow.moves_from(source, {fact})
    with pytest.raises(NotAllowedNow) as refusal:
        workflow.after(source, name, ALL_NEEDS, {fact})
    assert str(refusal.value)


@pytest.mark.parametrize("move", [move for move in MOVES.values() if move.needs], ids=lambda move: move.name)
def test_a_move_without_what_it_needs_is_refused_and_names_it(move):
    source = sorted(move.sources)[0]
    with pytest.raises(Invalid) as refusal:
        workflow.after(source, move.name, ALL_NEEDS - move.needs, move.only)
    assert refusal.value.field in move.needs


def test_an_unknown_move_is_not_found():
    with pytest.raises(NotFound):
        workflow.after(State.REPORTED, "delete", ALL_NEEDS)


@given(names_and_facts)
def test_a_case_is_never_closed_without_having_been_filed_handled_and_checked_in_this_order(course):
    state, seen = walk(course)
    if state is State.CLOSED:
        assert seen[-2:] == ["check", "close"]
        done = [name for name in seen if name in ("report_done", "send_back", "check", "reopen", "refuse_closure")]
        assert done[-2:] == ["report_done", "check"]
        assert seen.index("file") < seen.index("dispatch") < seen.index("report_done")


@given(names_and_facts)
def test_what_was_found_before_filing_is_told_before_filing(course):
    _, seen = walk(course)
    for at, name in enumerate(seen):
        if name in ("verify", "not_found"):
            assert "ask_to_verify" in seen[:at]
            assert "file" not in seen[:at]


@given(names_and_facts)
def test_every_open_state_has_a_way_out_whatever_holds_and_what_is_void_stays_void(course):
    state, _ = walk(course)
    for fact in (None, *Fact):
        if fact is Fact.SUSPENDED and state is not State.DISPATCHED:
            continue  # a clock rests only while a unit is at it, and no move leads away from there until it runs again
        ways = {MOVES[name].target for name in workflow.moves_from(state, {fact} if fact else ())}
        assert bool(ways) == (state is not State.VOID) or state in FINAL
    if state is State.CLOSED:
        assert set(workflow.moves_from(state, set(Fact))) == {"reopen", "refuse_closure"}


def test_every_state_can_be_reached():
    reached = {State.REPORTED}
    while more := {move.target for move in MOVES.values() if move.sources & reached} - reached:
        reached |= more
    assert reached == set(State)


def test_who_judges_is_never_who_fixes_and_who_proves_is_sent_there():
    assert {name for name, move in MOVES.items() if move.judges} == {"check", "send_back", "close"}
    assert all(move.role is not Role.UNIT for move in MOVES.values() if move.judges)
    assert {name for name, move in MOVES.items() if move.proves} == {"verify", "not_found"}


def test_what_a_unit_asks_another_post_grants():
    for name, move in MOVES.items():
        if name.startswith(("agree_", "refuse_ext", "refuse_sus")):
            assert (move.role, MOVES["ask_" + name.split("_", 1)[1]].role) == (Role.DISPATCHER, Role.UNIT)


def test_nobody_closes_by_force():
    assert [name for name, move in MOVES.items() if move.target is State.CLOSED] == ["close"]
