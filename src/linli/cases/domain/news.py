"""What each step of a case is told, and to whom (告知规则): one row for every move and every remark."""

from dataclasses import dataclass
from typing import Final

from linli.cases.domain.remarks import Remark
from linli.cases.domain.workflow import State
from linli.kernel.role import Role

HOLDER: Final = "holder"  # whoever has to act as the case stands after the step
TURN: Final = {  # 当前责任岗位
    State.REPORTED: Role.ACCEPTOR, State.ACCEPTED: Role.ACCEPTOR, State.VERIFYING: Role.GRID,
    State.FILED: Role.DISPATCHER, State.DISPATCHED: Role.UNIT, State.HANDLED: Role.CHECKER,
    State.CHECKED: Role.ACCEPTOR,
}
FACTS: Final = frozenset({"number", "what", "place", "unit", "reason", "words", "limit", "level", "until", "post"})
JOINED: Final = "cases.joined"
ESCALATED: Final = "duty.escalated"
UNREACHED: Final = "duty.unreached"
INSTEAD: Final = {  # 代收岗位: who is told, the first that somebody holds, where nobody holds a post
    Role.UNIT: (Role.DISPATCHER, Role.STREET, Role.DISTRICT, Role.OPERATOR),
    Role.GRID: (Role.COMMUNITY, Role.ACCEPTOR, Role.DISTRICT, Role.OPERATOR),
    Role.ACCEPTOR: (Role.DISPATCHER, Role.DISTRICT, Role.OPERATOR),
    Role.CHECKER: (Role.ACCEPTOR, Role.DISTRICT, Role.OPERATOR),
    Role.DISPATCHER: (Role.STREET, Role.DISTRICT, Role.OPERATOR),
    Role.COMMUNITY: (Role.STREET, Role.DISTRICT, Role.OPERATOR),
    Role.STREET: (Role.DISTRICT, Role.OPERATOR),
    Role.DISTRICT: (Role.OPERATOR,),
}


@dataclass(frozen=True, slots=True)
class News:
    """What one step is told: a template for its reporters, and one for the posts that must know or act."""

    reporters: str = ""
    posts: str = ""
    to: tuple[str, ...] = ()


NOTHING: Final = News()
_A, _D, _U, _C, _G = Role.ACCEPTOR, Role.DISPATCHER, Role.UNIT, Role.CHECKER, Role.GRID
NEWS: Final = {
    "accept": News("cases.accepted"),
    "reject": News("cases.rejected"),
    "ask_to_verify": News("cases.verifying", "duty.verify", (_G,)),
    "verify": News("cases.verified", "duty.file", (_A,)),
    "not_found": News("cases.not_found", "duty.not_found", (_A,)),
    "file": News("cases.filed", "duty.dispatch", (_D,)),
    "dispatch": News("cases.dispatched", "duty.handle", (_U,)),
    "return_to_dispatcher": News("cases.handed_back", "duty.returned", (_D,)),
    "ask_extension": News("", "duty.extension_asked", (_D,)),
    "agree_extension": News("cases.extended", "duty.agreed", (_U,)),
    "refuse_extension": News("", "duty.refused", (_U,)),
    "ask_suspension": News("", "duty.suspension_asked", (_D,)),
    "agree_suspension": News("cases.suspended", "duty.agreed", (_U,)),
    "refuse_suspension": News("", "duty.refused", (_U,)),
    "resume": News("cases.resumed", "duty.resumed", (_U,)),
    "report_done": News("cases.handled", "duty.check", (_C,)),
    "check": News("cases.checked", "duty.close", (_A,)),
    "send_back": News("cases.not_fixed", "duty.again", (_U,)),
    "close": News("cases.closed"),
    "reopen": News("cases.reopened", "duty.again", (_U,)),
    "refuse_closure": News("cases.reopened", "duty.again", (_U, _A)),
    Remark.OPENED.value: News("cases.received", "duty.accept", (_A,)),
    Remark.MERGED.value: NOTHING,  # the one who joined is told by the report itself, the others need not be
    Remark.LEVEL_RAISED.value: News("", "duty.level", (HOLDER,)),
    Remark.SENSOR_RECOVERED.value: NOTHING,
    Remark.SENSOR_STILL_OVER.value: NOTHING,
    Remark.DISPUTED.value: News("", "duty.disputed", (_D, Role.STREET)),
    Remark.HANDED_OVER.value: News("cases.dispatched", "duty.handle", (_U, _D)),
    Remark.REROUTED.value: NOTHING,  # nobody was sent yet
    Remark.HANDED_BACK.value: News("cases.dispatched", "duty.handle", (_U, _D)),
    Remark.DUE_CHANGED.value: NOTHING,
    Remark.ACCEPT_OVERDUE.value: News("", "duty.accept_late", (_A, Role.COMMUNITY)),
    Remark.FILE_OVERDUE.value: News("", "duty.file_late", (_A, Role.COMMUNITY)),
    Remark.DISPATCH_OVERDUE.value: News("", "duty.dispatch_late", (_D, Role.STREET)),
    Remark.CHECK_OVERDUE.value: News("", "duty.check_late", (_C, _A)),
    Remark.CLOSE_OVERDUE.value: News("", "duty.close_late", (_A, Role.COMMUNITY)),
    Remark.VERIFY_OVERDUE.value: News("", "duty.verify_late", (_G, _A)),
    Remark.LIMIT_NEAR.value: News("", "duty.near", (HOLDER,)),
    Remark.LIMIT_OVER.value: News("", "duty.late", (HOLDER, _D)),
    Remark.SUPERVISED.value: News("", "duty.supervise", (HOLDER, _D, Role.COMMUNITY)),
    Remark.LEADER_TOLD.value: News("", "duty.leader", (_D, Role.STREET)),
    Remark.RESUMED.value: News("cases.resumed", "duty.resumed", (_U,)),
    Remark.TOLD_APART.value: NOTHING,
    Remark.CASE_MERGED.value: NOTHING,
    Remark.MERGED_INTO.value: News(JOINED),
    Remark.CASE_LEFT.value: NOTHING,
    Remark.UNMERGED.value: News("", "duty.accept", (HOLDER,)),
    Remark.SPLIT_OFF.value: NOTHING,
}


def templates() -> frozenset[str]:
    """Return every template that a step of a case can call for."""
    named = {name for news in NEWS.values() for name in (news.reporters, news.posts) if name}
    return frozenset(named | {JOINED, ESCALATED, UNREACHED})


def roles_of(news: News, state: State) -> tuple[Role, ...]:
    """Return the posts to be told, each once; nobody has a turn in a case that is over."""
    turns = (TURN.get(state) if one == HOLDER else Role(one) for one in news.to)
    return tuple(dict.fromkeys(role for role in turns if role))
