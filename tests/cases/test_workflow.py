"""The table of moves, pair by pair and at random."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.domain import workflow
from linli.cases.domain.workflow import FINAL, MOVES, State
from linli.kernel.errors import Invalid, NotAllowedNow, NotFound
from linli.kernel.role import Role

ALLOWED = {
    ("reported", "accept"): "accepted",
    ("reported", "reject"): "void",
    ("accepted", "reject"): "void",
    ("accepted", "file"): "filed",
    ("filed", "dispatch"): "dispatched",
    ("dispatched", "dispatch"): "dispatched",
    ("dispatched", "return_to_dispatcher"): "filed",
    ("dispatched", "report_done"): "handled",
    ("handled", "check"): "checked",
    ("handled", "send_back"): "dispatched",
    ("checked", "send_back"): "dispatched",
    ("checked", "close"): "closed",
}
PAIRS = [(state, move) for state in State for move in MOVES]
ALL_NEEDS = frozenset().union(*(move.needs for move in MOVES.values()))


@pytest.mark.parametrize(("state", "move"), PAIRS, ids=[f"{s}-{m}" for s, m in PAIRS])
def test_every_state_allows_exactly_the_moves_of_the_table(state, move):
    target = ALLOWED.get((state.value, move))
    assert (move in workflow.moves_from(state)) == (target is not None)
    if target:
        assert workflow.after(state, move, ALL_NEEDS) == target
    else:
        with pytest.raises(NotAllowedNow):
            workflow.after(state, move, ALL_NEEDS)


@pytest.mark.parametrize("move", [move for move in MOVES.values() if move.needs], ids=lambda move: move.name)
def test_a_move_without_what_it_needs_is_refused_and_names_it(move):
    source = sorted(move.sources)[0]
    with pytest.raises(Invalid) as refusal:
        workflow.after(source, move.name, ALL_NEEDS - move.needs)
    assert refusal.value.field in move.needs


def test_an_unknown_move_is_not_found():
    with pytest.raises(NotFound):
        workflow.after(State.REPORTED, "delete", ALL_NEEDS)


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=40))
def test_a_case_is_never_closed_without_having_been_filed_handled_and_checked_in_this_order(names):
    seen, state = [], State.REPORTED
    for name in names:
        if name in workflow.moves_from(state):
            state = workflow.after(state, name, ALL_NEEDS)
            seen.append(name)
    if state is State.CLOSED:
        assert seen[-2:] == ["check", "close"]
        done = [name for name in seen if name in ("report_done", "send_back", "check")]
        assert done[-2:] == ["report_done", "check"]
        assert seen.index("file") < seen.index("dispatch") < seen.index("report_done")


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=40))
def test_an_end_is_an_end_and_every_open_state_has_a_way_out(names):
    state = State.REPORTED
    for name in names:
        if name in workflow.moves_from(state):
            state = workflow.after(state, name, ALL_NEEDS)
    assert bool(workflow.moves_from(state)) == (state not in FINAL)


def test_every_state_can_be_reached():
    reached = {State.REPORTED}
    while more := {move.target for move in MOVES.values() if move.sources & reached} - reached:
        reached |= more
    assert reached == set(State)


def test_who_judges_is_never_who_fixes():
    assert {name for name, move in MOVES.items() if move.judges} == {"check", "send_back", "close"}
    assert all(move.role is not Role.UNIT for move in MOVES.values() if move.judges)
