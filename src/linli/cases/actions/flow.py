from django.db import transaction

from linli.audit import actions as audit
from linli.cases import policy
from linli.cases.actions import effects, steps
from linli.cases.domain import given as hand_in
from linli.cases.domain import workflow
from linli.cases.domain.given import Given
from linli.cases.domain.workflow import State
from linli.cases.events import CaseClosed, CaseMoved, CaseVoided
from linli.cases.models import Case, StepPhoto
from linli.files import actions as files
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotAllowedNow, NotFound
from linli.outbox import actions as outbox


@transaction.atomic
def move(case_id: int, name: str, *, actor: Actor, **given: object) -> Case:
    """Take the step `name` and return the case as it stands after it (案件流转).

    Args:
        given: what the move needs (`workflow.MOVES`): `reason`, `condition` (a filing condition's
            code), `unit` (id), `evidence` (photo ids), `condition_met` (True), `until` (a day); and a `note`.
    Raises: NotFound if this actor does not see the case or there is no such move, NotAllowedNow if
        the case as it stands does not allow the move (somebody else may have been first),
        NotPermitted, Invalid.
    """
    parsed = hand_in.parse(given)
    return take(locked(case_id, actor), name, parsed, actor=actor)


def take(case: Case, name: str, given: Given, *, actor: Actor) -> Case:
    """Take a step with a case that is locked already; raises what `move` raises but NotFound."""
    if case.merged_into_id is not None:
        raise NotAllowedNow("cases.merged", "This case rests in another one: take the step there, or part them first.")
    before, facts = State(case.state), policy.facts_of(case)
    workflow.require_possible(before, name, facts)
    policy.require(actor, name, case)
    target = workflow.after(before, name, given.names, facts).value
    post, unit_before, now = policy.post_for(actor, name, case), case.unit_id, clock.now()
    with audit.acting(Actor.system("cases")):  # the step may take the case out of its actor's sight
        effects.apply(name, case, given, actor, now)
        case.state = target
        case.save()
        step = steps.append(case, name, before=before, actor=actor, at=now, post=post,
                            unit_id=case.unit_id or unit_before, given=given.words)
        effects.remark(name, case, now)
        effects.settle_timers(name, case, before, now)
        files.use(given.evidence, for_what=f"case_step:{step.pk}", actor=actor)
        StepPhoto.objects.bulk_create([StepPhoto(step=step, photo_id=photo) for photo in given.evidence])
        audit.record(f"cases.{name}", actor=actor, target=f"case:{case.pk}", before=before.value, after=case.state,
                     unit=case.unit_id, condition=given.condition or None, photos=len(given.evidence))
        _announce(case)
    return case


def locked(case_id: int, actor: Actor) -> Case:
    """Return a case that this actor may know of, locked; its reporters know of it too.

    Raises: NotFound if there is none.
    """
    if not policy.visible_cases(actor).filter(pk=case_id).exists() and not policy.has_reported(actor, case_id):
        raise NotFound("cases.no_such_case", "There is no such case.")
    with audit.acting(Actor.system("cases")):  # whoever waited for the lock must see what became of the case
        return Case.objects.select_for_update().get(pk=case_id)


def _announce(case: Case) -> None:
    outbox.publish(CaseMoved(case_id=case.pk))
    if case.state == State.CLOSED.value:
        outbox.publish(CaseClosed(case_id=case.pk))
    if case.state == State.VOID.value:
        outbox.publish(CaseVoided(case_id=case.pk))
