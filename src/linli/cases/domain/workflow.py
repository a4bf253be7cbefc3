"""How a case moves (案件流转): one table, from which guard, buttons, policy, diagram and tests are read.

Source: the seven stages of GB/T 30428; who judges is never who fixes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linli.kernel.errors import Invalid, NotAllowedNow, NotFound
from linli.kernel.role import Role


class State(StrEnum):
    """Where a case stands (案件状态)."""

    REPORTED = "reported"  # 已上报, 待受理
    ACCEPTED = "accepted"  # 已受理, 待立案
    FILED = "filed"  # 已立案, 待派遣
    DISPATCHED = "dispatched"  # 已派遣, 处置中
    HANDLED = "handled"  # 处置完毕, 待核查
    CHECKED = "checked"  # 核查通过, 待结案
    CLOSED = "closed"  # 已结案
    VOID = "void"  # 作废, 不予立案


FINAL: Final = frozenset({State.CLOSED, State.VOID})
OPEN: Final = frozenset(State) - FINAL
WITH_UNIT: Final = frozenset({State.DISPATCHED, State.HANDLED, State.CHECKED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Move:
    """One step that a person may take with a case (环节).

    `needs` are the given things without which it is refused; `role` is the post that may take it;
    `judges` marks the moves that whoever handled the case may never take.
    """

    name: str
    sources: frozenset[State]
    target: State
    role: Role
    needs: frozenset[str] = frozenset()
    judges: bool = False


def _move(name: str, sources: set[State], target: State, role: Role, *needs: str, judges: bool = False) -> Move:
    return Move(name, frozenset(sources), target, role, frozenset(needs), judges)


_S = State
MOVES: Final = {move.name: move for move in (
    _move("accept", {_S.REPORTED}, _S.ACCEPTED, Role.ACCEPTOR),  # 受理
    _move("reject", {_S.REPORTED, _S.ACCEPTED}, _S.VOID, Role.ACCEPTOR, "reason"),  # 不予受理, 不予立案
    _move("file", {_S.ACCEPTED}, _S.FILED, Role.ACCEPTOR, "condition"),  # 立案
    _move("dispatch", {_S.FILED, _S.DISPATCHED}, _S.DISPATCHED, Role.DISPATCHER, "unit"),  # 派遣, 二次派遣
    _move("return_to_dispatcher", {_S.DISPATCHED}, _S.FILED, Role.UNIT, "reason"),  # 回退
    _move("report_done", {_S.DISPATCHED}, _S.HANDLED, Role.UNIT, "evidence"),  # 处置完毕
    _move("check", {_S.HANDLED}, _S.CHECKED, Role.CHECKER, "evidence", judges=True),  # 核查通过
    _move("send_back", {_S.HANDLED, _S.CHECKED}, _S.DISPATCHED, Role.CHECKER, "reason", judges=True),  # 返工
    _move("close", {_S.CHECKED}, _S.CLOSED, Role.ACCEPTOR, "condition_met", judges=True),  # 结案
)}


def move_named(name: str) -> Move:
    """Return the row of `MOVES`; raise NotFound if there is no such move."""
    if name not in MOVES:
        raise NotFound("cases.no_such_move", "There is no such move.", move=name)
    return MOVES[name]


def require_possible(state: State, name: str) -> Move:
    """Return the row of the move `name`; raise NotAllowedNow if `state` does not allow it, NotFound if unknown."""
    move = move_named(name)
    if state not in move.sources:
        raise NotAllowedNow("cases.not_now", "This is not possible as the case stands now. Somebody else may have moved"
                            " it: please look again.", state=state.value, move=name)
    return move


def after(state: State, name: str, given: Iterable[str] = ()) -> State:
    """Return the state that the move `name` leads to.

    Raises: NotFound for an unknown move, NotAllowedNow if `state` does not allow it,
        Invalid if something the move needs was not given.
    """
    move = require_possible(state, name)
    if missing := sorted(move.needs - frozenset(given)):
        raise _asked_for(missing[0])
    return move.target


def moves_from(state: State) -> tuple[str, ...]:
    """Return the names of the moves that `state` allows, in the table's order."""
    return tuple(move.name for move in MOVES.values() if state in move.sources)


def _asked_for(need: str) -> Invalid:
    """Return the refusal that says what is still to be given."""
    return {
        "reason": Invalid("cases.reason_missing", "Please give a reason.", field="reason"),
        "condition": Invalid("cases.condition_missing", "Please choose a filing condition.", field="condition"),
        "unit": Invalid("cases.unit_missing", "Please choose a unit.", field="unit"),
        "evidence": Invalid("cases.evidence_missing", "Please add a photo as proof.", field="evidence"),
        "condition_met": Invalid("cases.condition_not_met", "Please confirm that the closing condition is met.",
                                 field="condition_met"),
    }[need]
