from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from linli.audit import actions as audit
from linli.cases import policy
from linli.cases.actions import steps
from linli.cases.domain import given as hand_in
from linli.cases.domain import workflow
from linli.cases.domain.given import Given
from linli.cases.domain.workflow import State
from linli.cases.events import CaseClosed, CaseMoved, CaseVoided
from linli.cases.models import Case, Condition, StepPhoto
from linli.files import actions as files
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotFound
from linli.organisations import queries as organisations
from linli.outbox import actions as outbox


@transaction.atomic
def move(case_id: int, name: str, *, actor: Actor, **given: object) -> Case:
    """Take the step `name` and return the case as it stands after it (案件流转).

    Args:
        given: what the move needs (`workflow.MOVES`): `reason`, `condition` (a filing condition's
            code), `unit` (id), `evidence` (photo ids), `condition_met` (True); and a `note`.
    Raises: NotFound if this actor does not see the case or there is no such move, NotAllowedNow if
        its state does not allow the move (somebody else may have been first), NotPermitted,
        Invalid.
    """
    parsed = hand_in.parse(given)
    case = _locked(case_id, actor)
    before = State(case.state)
    workflow.require_possible(before, name)
    policy.require(actor, name, case)
    case.state = workflow.after(before, name, parsed.names).value
    post, unit_before, now = policy.post_for(actor, name, case), case.unit_id, clock.now()
    with audit.acting(Actor.system("cases")):  # the step may take the case out of its actor's sight
        _EFFECTS.get(name, _no_effect)(case, parsed, actor, now)
        case.save()
        step = steps.append(case, name, before=before, actor=actor, at=now, post=post,
                            unit_id=case.unit_id or unit_before, given=parsed.words)
        files.use(parsed.evidence, for_what=f"case_step:{step.pk}", actor=actor)
        StepPhoto.objects.bulk_create([StepPhoto(step=step, photo_id=photo) for photo in parsed.evidence])
        audit.record(f"cases.{name}", actor=actor, target=f"case:{case.pk}", before=before.value, after=case.state,
                     unit=case.unit_id, condition=parsed.condition or None, photos=len(parsed.evidence))
        outbox.publish(CaseMoved(case_id=case.pk))
        if case.state == State.CLOSED.value:
            outbox.publish(CaseClosed(case_id=case.pk))
        if case.state == State.VOID.value:
            outbox.publish(CaseVoided(case_id=case.pk))
    return case


def _locked(case_id: int, actor: Actor) -> Case:
    if not policy.visible_cases(actor).filter(pk=case_id).exists():
        raise NotFound("cases.no_such_case", "There is no such case.")
    with audit.acting(Actor.system("cases")):  # whoever waited for the lock must see what became of the case
        return Case.objects.select_for_update().get(pk=case_id)


def _file(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    condition = Condition.objects.filter(code=given.condition, category_id=case.category_id, active=True).first()
    if condition is None:
        raise Invalid("cases.no_such_condition", "Please choose a filing condition of this category.",
                      field="condition", condition=given.condition)
    case.condition = condition
    case.limit_amount, case.limit_unit = condition.limit_amount, condition.limit_unit
    case.filed_at, case.due_at = now, condition.limit.due_at(now)


def _dispatch(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    if given.unit not in {unit.id for unit in organisations.units_in(case.area_code[:6])}:
        raise Invalid("cases.no_such_unit", "Choose a working unit of this district.", field="unit")
    case.unit_id = given.unit


def _return_to_dispatcher(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.unit_id = None


def _report_done(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.handled_at, case.handled_by, case.checked_by = now, actor.ref, ""


def _check(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.checked_by = actor.ref


def _send_back(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.handled_at, case.checked_by = None, ""


def _close(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    case.closed_at = now


def _no_effect(case: Case, given: Given, actor: Actor, now: datetime) -> None:
    """Change nothing but the state."""


_EFFECTS: Final[dict[str, Callable[[Case, Given, Actor, datetime], None]]] = {
    "file": _file,
    "dispatch": _dispatch,
    "return_to_dispatcher": _return_to_dispatcher,
    "report_done": _report_done,
    "check": _check,
    "send_back": _send_back,
    "close": _close,
}
