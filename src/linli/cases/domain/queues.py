"""The queues of a desk (收件队列): which cases wait for whom."""

from dataclasses import dataclass
from typing import Final

from linli.cases.domain.workflow import OPEN, State
from linli.kernel.actor import Actor
from linli.kernel.role import Role


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue; `role` None = anybody who sees the cases.

    `only_late` = past their limit, `only_asked` = with a request that waits, `only_disputed` = given back
    more than once, `only_refused` = opened again since a reporter says that it is not solved.
    """

    name: str
    states: frozenset[State]
    role: Role | None = None
    only_late: bool = False
    only_asked: bool = False
    only_disputed: bool = False
    only_refused: bool = False

    @property
    def is_partial(self) -> bool:
        """Return whether only some of the cases in its states wait in it."""
        return self.only_late or self.only_asked or self.only_disputed or self.only_refused


def _queue(name: str, *states: State, role: Role | None = None, only: str = "") -> Queue:
    return Queue(name, frozenset(states), role, only == "late", only == "asked", only == "disputed", only == "refused")


QUEUES: Final = {queue.name: queue for queue in (
    _queue("to_accept", State.REPORTED, role=Role.ACCEPTOR),  # 待受理
    _queue("to_file", State.ACCEPTED, role=Role.ACCEPTOR),  # 待立案
    _queue("to_verify", State.VERIFYING, role=Role.GRID),  # 待核实
    _queue("to_dispatch", State.FILED, role=Role.DISPATCHER),  # 待派遣
    _queue("to_agree", State.DISPATCHED, role=Role.DISPATCHER, only="asked"),  # 待审批 (延期, 挂账)
    _queue("disputed", State.FILED, role=Role.DISPATCHER, only="disputed"),  # 职责争议
    _queue("refused", State.DISPATCHED, role=Role.ACCEPTOR, only="refused"),  # 不满意重办
    _queue("to_handle", State.DISPATCHED, role=Role.UNIT),  # 待处置
    _queue("to_check", State.HANDLED, role=Role.CHECKER),  # 待核查
    _queue("to_close", State.CHECKED, role=Role.ACCEPTOR),  # 待结案
    _queue("late", *OPEN, only="late"),  # 超时
    _queue("open", *OPEN),  # 全部在办
    _queue("closed", State.CLOSED),  # 已结
)}


def queues_of(actor: Actor) -> tuple[str, ...]:
    """Return the queues that this actor's posts work on or may look at, in order; the first is the one to open."""
    roles = {post.role for post in actor.posts}
    return tuple(queue.name for queue in QUEUES.values() if queue.role is None or queue.role in roles)
