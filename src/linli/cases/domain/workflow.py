"""How a case moves (案件流转): one table, from which guard, buttons, policy, diagram and tests are read.

Source: the seven stages of GB/T 30428; who judges is never who fixes.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linli.cases.domain.facts import ASKED, Fact, is_lacking, stands_against
from linli.kernel.errors import Invalid, NotAllowedNow, NotFound
from linli.kernel.role import Role


class State(StrEnum):
    """Where a case stands (案件状态)."""

    REPORTED = "reported"  # 已上报, 待受理
    ACCEPTED = "accepted"  # 已受理, 待立案
    VERIFYING = "verifying"  # 待核实
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

    `needs` are the given things without which it is refused; `role` is the post that may take it (a
    resident's moves are for the case's own reporters); `judges` marks the moves that whoever handled the
    case may never take, `proves` those that no reporter of the case may take; `only` must hold of the case,
    and nothing of `unless`.
    """

    name: str
    sources: frozenset[State]
    target: State
    role: Role
    needs: frozenset[str] = frozenset()
    judges: bool = False
    proves: bool = False
    only: frozenset[Fact] = frozenset()
    unless: frozenset[Fact] = frozenset()

    def is_possible(self, state: State, facts: Collection[Fact] = ()) -> bool:
        """Return whether a case that stands so may take it."""
        return state in self.sources and self.only <= set(facts) and self.unless.isdisjoint(facts)


def _move(name: str, sources: set[State], target: State, role: Role, *needs: str, judges: bool = False,
          proves: bool = False, only: Fact | None = None, unless: Collection[Fact] = ()) -> Move:
    return Move(name, frozenset(sources), target, role, frozenset(needs), judges, proves,
                frozenset({only} if only else ()), frozenset(unless))


_S, _F, _HELD = State, Fact, {Fact.SUSPENDED}
_NO_EXTENSION: Final = ASKED | {Fact.SUSPENDED, Fact.EXTENDED_OUT, Fact.OVERDUE}
_NO_SUSPENSION: Final = ASKED | {Fact.SUSPENDED_BEFORE}
_WITH: Final = {State.DISPATCHED}
MOVES: Final = {move.name: move for move in (
    _move("accept", {_S.REPORTED}, _S.ACCEPTED, Role.ACCEPTOR),  # 受理
    _move("reject", {_S.REPORTED, _S.ACCEPTED}, _S.VOID, Role.ACCEPTOR, "reason"),  # 不予受理, 不予立案
    _move("ask_to_verify", {_S.ACCEPTED}, _S.VERIFYING, Role.ACCEPTOR),  # 发核实
    _move("verify", {_S.VERIFYING}, _S.ACCEPTED, Role.GRID, "evidence", proves=True),  # 核实属实
    _move("not_found", {_S.VERIFYING}, _S.ACCEPTED, Role.GRID, "reason", "evidence", proves=True),  # 核实不属实
    _move("file", {_S.ACCEPTED, _S.VERIFYING}, _S.FILED, Role.ACCEPTOR, "condition"),  # 立案
    _move("dispatch", {_S.FILED, _S.DISPATCHED}, _S.DISPATCHED, Role.DISPATCHER, "unit", unless=_HELD),  # 派遣
    _move("return_to_dispatcher", _WITH, _S.FILED, Role.UNIT, "reason", unless=_HELD),  # 回退
    _move("ask_extension", _WITH, _S.DISPATCHED, Role.UNIT, "reason", unless=_NO_EXTENSION),  # 申请延期
    _move("agree_extension", _WITH, _S.DISPATCHED, Role.DISPATCHER, only=_F.EXTENSION_ASKED),  # 同意延期
    _move("refuse_extension", _WITH, _S.DISPATCHED, Role.DISPATCHER, "reason", only=_F.EXTENSION_ASKED),  # 不同意延期
    _move("ask_suspension", _WITH, _S.DISPATCHED, Role.UNIT, "reason", "until", unless=_NO_SUSPENSION),  # 申请挂账
    _move("agree_suspension", _WITH, _S.DISPATCHED, Role.DISPATCHER, only=_F.SUSPENSION_ASKED),  # 同意挂账
    _move("refuse_suspension", _WITH, _S.DISPATCHED, Role.DISPATCHER, "reason", only=_F.SUSPENSION_ASKED),  # 不同意挂账
    _move("resume", _WITH, _S.DISPATCHED, Role.UNIT, only=_F.SUSPENDED),  # 解除挂账
    _move("report_done", _WITH, _S.HANDLED, Role.UNIT, "evidence", unless=_HELD),  # 处置完毕
    _move("check", {_S.HANDLED}, _S.CHECKED, Role.CHECKER, "evidence", judges=True),  # 核查通过
    _move("send_back", {_S.HANDLED, _S.CHECKED}, _S.DISPATCHED, Role.CHECKER, "reason", judges=True),  # 返工
    _move("close", {_S.CHECKED}, _S.CLOSED, Role.ACCEPTOR, "condition_met", judges=True),  # 结案
    _move("reopen", {_S.CLOSED}, _S.DISPATCHED, Role.ACCEPTOR, "reason"),  # 重办
    _move("refuse_closure", {_S.CLOSED}, _S.DISPATCHED, Role.RESIDENT, "reason", only=_F.MAY_BE_REFUSED),  # 不满意重办
)}


def move_named(name: str) -> Move:
    """Return the row of `MOVES`; raise NotFound if there is no such move."""
    if name not in MOVES:
        raise NotFound("cases.no_such_move", "There is no such move.", move=name)
    return MOVES[name]


def require_possible(state: State, name: str, facts: Collection[Fact] = ()) -> Move:
    """Return the row of the move `name`.

    Raises: NotAllowedNow if neither `state` nor what else holds of the case allows it; NotFound if unknown.
    """
    move = move_named(name)
    if state not in move.sources:
        raise NotAllowedNow("cases.not_now", "This is not possible as the case stands now. Somebody else may have moved"
                            " it: please look again.", state=state.value, move=name)
    for fact in sorted(move.only - set(facts)):
        raise is_lacking(fact)
    for fact in sorted(move.unless & set(facts)):
        raise stands_against(fact)
    return move


def after(state: State, name: str, given: Iterable[str] = (), facts: Collection[Fact] = ()) -> State:
    """Return the state that the move `name` leads to.

    Raises: NotFound for an unknown move, NotAllowedNow if the case as it stands does not allow it,
        Invalid if something the move needs was not given.
    """
    move = require_possible(state, name, facts)
    if missing := sorted(move.needs - frozenset(given)):
        raise _asked_for(missing[0])
    return move.target


def moves_from(state: State, facts: Collection[Fact] = ()) -> tuple[str, ...]:
    """Return the names of the moves that a case which stands so allows, in the table's order."""
    return tuple(move.name for move in MOVES.values() if move.is_possible(state, facts))


def _asked_for(need: str) -> Invalid:
    """Return the refusal that says what is still to be given."""
    return {
        "reason": Invalid("cases.reason_missing", "Please give a reason.", field="reason"),
        "condition": Invalid("cases.condition_missing", "Please choose a filing condition.", field="condition"),
        "unit": Invalid("cases.unit_missing", "Please choose a unit.", field="unit"),
        "evidence": Invalid("cases.evidence_missing", "Please add a photo as proof.", field="evidence"),
        "until": Invalid("cases.until_missing", "Please say until when.", field="until"),
        "condition_met": Invalid("cases.condition_not_met", "Please confirm that the closing condition is met.",
                                 field="condition_met"),
    }[need]
