from collections.abc import Callable
from datetime import datetime
from typing import Final

from linli.calendar import queries as calendar
from linli.cases.actions import limits, stages, steps, timers
from linli.cases.domain.given import Given
from linli.cases.domain.intake import Source
from linli.cases.domain.remarks import Remark
from linli.cases.domain.routing import DISPUTED_FROM
from linli.cases.domain.verifying import Finding, must_verify_first
from linli.cases.domain.workflow import State
from linli.cases.models import Case, CaseReport, Condition
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid
from linli.kernel.level import Level
from linli.organisations import queries as organisations


def apply(name: str, case: Case, given: Given, actor: Actor, now: datetime) -> None:
    """Do with a locked case what the move `name` does beside changing its state (环节效果)."""
    if name in _EFFECTS:
        _EFFECTS[name](case, given, actor, now)
    if name in _ENDS_REQUESTS:
        case.asked, case.asked_until = "", None


def settle_timers(name: str, case: Case, before: State, now: datetime) -> None:
    """Make what falls due with a saved case what the move `name` left to wait for (重排计时)."""
    if name in _CHANGES_CLOCK:
        timers.settle([(case, calendar.calendar_for(case.area_code))])
    if case.state != before.value:
        stages.enter(case, now)


def remark(name: str, case: Case, now: datetime) -> None:
    """Write beside the case what the move made plain: that nobody wants to be answerable for it (职责争议)."""
    if name == "return_to_dispatcher" and case.returns == DISPUTED_FROM:
        steps.append(case, Remark.DISPUTED.value, before=State(case.state), actor=Actor.system("cases"), at=now,
                     given={"returns": case.returns}, once="disputed")


def _ask_to_verify(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.finding, case.verified_at, case.verified_by = "", None, ""


def _verify(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.finding, case.verified_at, case.verified_by = Finding.TRUE.value, now, actor.ref


def _not_found(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.finding, case.verified_at, case.verified_by = Finding.NOT_FOUND.value, now, actor.ref


def _file(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    condition = Condition.objects.filter(code=given.condition, category_id=case.category_id, active=True).first()
    if condition is None:
        raise Invalid("cases.no_such_condition", "Please choose a filing condition of this category.",
                      field="condition", condition=given.condition)
    if not given.reason and needs_reason_to_file(case):
        raise Invalid("cases.verify_first", "Nobody has found it to be so yet. Have it verified first, or give the"
                      " reason for acting first.", field="reason")
    case.condition = condition
    case.limit_amount, case.limit_unit, case.filed_at = condition.limit_amount, condition.limit_unit, now
    limits.begin(case, now)


def needs_reason_to_file(case: Case) -> bool:
    """Return whether this case may be filed now only for a reason, since nobody found it to be so (先办后议)."""
    sources = CaseReport.objects.filter(case=case).values_list("source", flat=True).distinct()
    return must_verify_first([Source(source) for source in sources], finding=case.finding,
                             level=Level.from_word(case.level))


def _dispatch(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    if given.unit is None or not organisations.hold_active(given.unit, within=case.area_code[:6]):
        raise Invalid("cases.no_such_unit", "Choose a working unit of this district.", field="unit")
    case.unit_id = given.unit


def _return_to_dispatcher(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.unit_id = None
    case.returns += 1


def _ask_extension(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.asked = "extension"


def _agree_extension(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    limits.extend(case)


def _ask_suspension(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    limits.require_day_ahead(given.until, case.area_code, now)
    case.asked, case.asked_until = "suspension", given.until


def _agree_suspension(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    limits.suspend(case, now)


def _resume(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    limits.resume(case, now)


def _report_done(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.handled_at, case.handled_by, case.checked_by = now, actor.ref, ""


def _check(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.checked_by = actor.ref


def _send_back(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.handled_at, case.checked_by = None, ""
    case.reworks += 1


def _close(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.closed_at = now
    case.first_closed_at = case.first_closed_at or now


def _reopen(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    """Begin again with the same unit, or with who took over if that unit is out of use; with a new limit."""
    if case.unit_id is None or not organisations.hold_active(case.unit_id):
        case.unit_id = organisations.heir_of(case.unit_id, case.area_code) or case.unit_id
    case.closed_at, case.handled_at, case.handled_by, case.checked_by = None, None, "", ""
    case.reopenings += 1
    limits.begin(case, now)


_ENDS_REQUESTS: Final = frozenset({"dispatch", "return_to_dispatcher", "report_done", "agree_extension",
                                   "refuse_extension", "agree_suspension", "refuse_suspension"})
_CHANGES_CLOCK: Final = frozenset({"file", "agree_extension", "agree_suspension", "resume", "report_done", "send_back",
                                   "reopen", "refuse_closure"})
_EFFECTS: Final[dict[str, Callable[[Case, Given, Actor, datetime], None]]] = {
    "ask_to_verify": _ask_to_verify,
    "verify": _verify,
    "not_found": _not_found,
    "file": _file,
    "dispatch": _dispatch,
    "return_to_dispatcher": _return_to_dispatcher,
    "ask_extension": _ask_extension,
    "agree_extension": _agree_extension,
    "ask_suspension": _ask_suspension,
    "agree_suspension": _agree_suspension,
    "resume": _resume,
    "report_done": _report_done,
    "check": _check,
    "send_back": _send_back,
    "close": _close,
    "reopen": _reopen,
    "refuse_closure": _reopen,
}
