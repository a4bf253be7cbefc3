from django.db import connection, transaction

from linli.audit import actions as audit
from linli.calendar.domain.units import LimitUnit
from linli.cases import policy
from linli.cases.actions import levels, stages, steps
from linli.cases.domain import locks
from linli.cases.domain.limits import Limit
from linli.cases.domain.main_case import Standpoint, is_further, strictest
from linli.cases.domain.merging import Verdict
from linli.cases.domain.remarks import Remark
from linli.cases.domain.texts import clean
from linli.cases.domain.workflow import State
from linli.cases.events import CaseMoved
from linli.cases.models import Case, CaseStep, Category, Condition, Likeness
from linli.cases.queries.matters import roots_of
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotAllowedNow, NotFound
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.outbox import actions as outbox

REASON_LENGTH = 500


@transaction.atomic
def decide(likeness_id: int, verdict: Verdict, *, actor: Actor, reason: str = "") -> Likeness:
    """Answer whether two cases are one matter (判定): the same are merged, of different ones nobody asks again.

    Deciding the same twice is harmless.

    Raises: NotFound if this actor does not see both cases, NotPermitted if it is no acceptor over
        both, NotAllowedNow if somebody said otherwise or one of them is over.
    """
    seen = Likeness.objects.filter(pk=likeness_id).first()
    if seen is None:
        raise NotFound("cases.no_such_likeness", "There is no such question.")
    one, two = _both(seen.case_id, seen.other_id, actor)
    with audit.acting(Actor.system("cases")):
        row = Likeness.objects.select_for_update().get(pk=likeness_id)
        if row.state == verdict.value:
            return row
        if row.state != Verdict.PENDING.value:
            raise NotAllowedNow("cases.decided_otherwise", "Somebody else has decided otherwise: please look again.",
                                state=row.state)
        if one.pk == two.pk and verdict is Verdict.DIFFERENT:
            raise NotAllowedNow("cases.one_already", "Both rest in one case by now: part them there.",
                                number=one.number)
        row.state, row.decided_by, row.decided_at = verdict.value, actor.ref, clock.now()
        row.save(update_fields=["state", "decided_by", "decided_at"])
        audit.record(f"cases.{verdict.value}", actor=actor, target=f"case:{row.case_id}", other=row.other_id,
                     score=row.score)
        if verdict is Verdict.SAME and one.pk != two.pk:
            into, merged = (one, two) if _is_further(one, two) else (two, one)
            _merge(into, merged, actor=actor, reason=reason)
        elif verdict is Verdict.DIFFERENT:
            for case, other in ((one, two), (two, one)):
                _note(case, Remark.TOLD_APART, actor, {"case": other.number, "reason": _reason(reason)})
        return row


@transaction.atomic
def merge_cases(into_id: int, merged_id: int, *, actor: Actor, reason: str = "") -> Case:
    """Let one case go on for both (并案): the other rests in it as it is, until they are parted.

    A case that already rests in another is merged by the one that stands for it. The one that has
    come further goes on, for its limit runs; asked the other way round, this is refused.

    Raises: NotFound, NotPermitted, Invalid for a case and itself, NotAllowedNow if one is over.
    """
    one, two = _both(into_id, merged_id, actor)
    with audit.acting(Actor.system("cases")):
        if one.pk == two.pk:
            if into_id == merged_id:
                raise Invalid("cases.merge_with_itself", "A case cannot be merged with itself.", field="case")
            return one
        if _is_further(two, one) and not _is_further(one, two):
            raise NotAllowedNow("cases.merge_other_way", "The other case has come further: merge this one into that"
                                " one.", number=two.number)
        return _merge(one, two, actor=actor, reason=reason)


@transaction.atomic
def unmerge_case(case_id: int, *, actor: Actor, reason: str) -> Case:
    """Let a merged case stand alone again (拆案), in the state and with the limit it had; return it.

    What the merge changed in the main case goes back, unless the main case has moved on from it since.

    Raises: NotFound, NotPermitted, Invalid without a reason, NotAllowedNow if it is not merged.
    """
    said = _reason(reason)
    if not said:
        raise Invalid("cases.reason_missing", "Please give a reason.", field="reason")
    merged, main = _resting(case_id, actor)
    with audit.acting(Actor.system("cases")):
        merged.merged_into = None
        merged.save(update_fields=["merged_into"])
        taken = _taken_over(main, merged)
        main.report_count = max(1, main.report_count - merged.report_count)
        levels.settle(main)
        if taken.get("category_before") and main.filed_at is None:
            main.category = Category.objects.get(code=taken["category_before"])
        main.save(update_fields=["report_count", "level", "category"])
        _tell_apart(merged, main, actor)
        _note(main, Remark.CASE_LEFT, actor, {"case": merged.number, "reason": said, "level": main.level})
        _note(merged, Remark.UNMERGED, actor, {"case": main.number, "reason": said})
        audit.record("cases.unmerge", actor=actor, target=f"case:{merged.pk}", main=main.pk)
    return merged


def _merge(into: Case, merged: Case, *, actor: Actor, reason: str) -> Case:
    for case in (into, merged):
        if not case.is_open:
            raise NotAllowedNow("cases.over", "One of these cases is over: please look again.", number=case.number)
    given: dict[str, object] = {"case": merged.number, "case_id": merged.pk, "reason": _reason(reason)}
    if Level.from_word(merged.level) > Level.from_word(into.level):
        given |= {"level_before": into.level, "level_after": merged.level}
        into.level = merged.level
        stages.hasten(into, clock.now())
    if into.filed_at is None and into.category_id != merged.category_id and _is_stricter(merged, into):
        given |= {"category_before": into.category.code, "category_after": merged.category.code}
        into.category = merged.category
    into.report_count += merged.report_count
    into.last_seen_at = max(into.last_seen_at, merged.last_seen_at)
    into.save(update_fields=["level", "category", "report_count", "last_seen_at"])
    merged.merged_into = into
    merged.save(update_fields=["merged_into"])
    _hand_on_questions(merged, into, actor)
    _note(into, Remark.CASE_MERGED, actor, given)
    _note(merged, Remark.MERGED_INTO, actor, {"case": into.number, "reason": given["reason"]})
    audit.record("cases.merge", actor=actor, target=f"case:{into.pk}", merged=merged.pk)
    return into


def _hand_on_questions(merged: Case, into: Case, actor: Actor) -> None:
    """Let what was asked of a case that now rests be asked of the one that goes on; between the two it is answered."""
    fresh = []
    for row in Likeness.objects.of_case(merged.pk).filter(state=Verdict.PENDING.value):
        other = row.other_id if row.case_id == merged.pk else row.case_id
        if other == into.pk:
            row.state, row.decided_by, row.decided_at = Verdict.SAME.value, actor.ref, clock.now()
            row.save(update_fields=["state", "decided_by", "decided_at"])
        else:
            fresh.append(Likeness(case_id=max(other, into.pk), other_id=min(other, into.pk), via=merged,
                                  score=row.score, parts=row.parts, asked_at=row.asked_at))
    Likeness.objects.bulk_create(fresh, ignore_conflicts=True)


def _both(one_id: int, two_id: int, actor: Actor) -> tuple[Case, Case]:
    """Return the two cases that stand for these, locked in one order; what this actor does not see is not there."""
    if policy.visible_cases(actor).filter(pk__in={one_id, two_id}).count() < len({one_id, two_id}):
        raise NotFound("cases.no_such_case", "There is no such case.")
    with audit.acting(Actor.system("cases")):
        _one_at_a_time()
        roots = roots_of([one_id, two_id])
        rows = {case.pk: case for case in Case.objects.select_for_update(of=("self",)).select_related("category")
                .filter(pk__in=set(roots.values())).order_by("pk")}
    one, two = rows[roots[one_id]], rows[roots[two_id]]
    policy.require_over(actor, Role.ACCEPTOR, one, two)
    return one, two


def _resting(case_id: int, actor: Actor) -> tuple[Case, Case]:
    """Return a merged case and the one it rests in, both locked."""
    if not policy.visible_cases(actor).filter(pk=case_id).exists():
        raise NotFound("cases.no_such_case", "There is no such case.")
    with audit.acting(Actor.system("cases")):
        _one_at_a_time()
        both = [case_id, Case.objects.values_list("merged_into", flat=True).get(pk=case_id) or case_id]
        rows = {case.pk: case for case in Case.objects.select_for_update().filter(pk__in=both).order_by("pk")}
    merged = rows[case_id]
    main = rows.get(merged.merged_into_id or 0)
    if main is None:
        raise NotAllowedNow("cases.not_merged", "This case is not merged with another one: please look again.")
    policy.require_over(actor, Role.ACCEPTOR, merged, main)
    return merged, main


def _one_at_a_time() -> None:
    """Wait until nobody else merges or parts cases: two at once could lock the links of one chain in two orders."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [locks.MERGING])


def _is_further(one: Case, two: Case) -> bool:
    return is_further(_standpoint(one), _standpoint(two))


def _standpoint(case: Case) -> Standpoint:
    return Standpoint(State(case.state), case.due_at, case.opened_at, case.pk)


def _is_stricter(one: Case, two: Case) -> bool:
    """Return whether a case of the one's category may have to be done sooner than any of the other's."""
    rows = Condition.objects.filter(category__in=[one.category_id, two.category_id], active=True)
    limits: dict[int, list[Limit]] = {one.category_id: [], two.category_id: []}
    for category_id, amount, unit in rows.values_list("category_id", "limit_amount", "limit_unit"):
        limits[category_id].append(Limit(amount, LimitUnit(unit)))
    return strictest(limits[one.category_id]) < strictest(limits[two.category_id])


def _taken_over(main: Case, merged: Case) -> dict[str, str]:
    step = CaseStep.objects.filter(case=main, move=Remark.CASE_MERGED.value, given__case_id=merged.pk).order_by(
        "-pk").first()
    return step.given if step else {}


def _tell_apart(one: Case, two: Case, actor: Actor) -> None:
    later, earlier = (one, two) if one.pk > two.pk else (two, one)
    now = clock.now()
    Likeness.objects.update_or_create(
        case=later, other=earlier,
        defaults={"state": Verdict.DIFFERENT.value, "decided_by": actor.ref, "decided_at": now},
        create_defaults={"state": Verdict.DIFFERENT.value, "decided_by": actor.ref, "decided_at": now, "score": 0.0,
                         "asked_at": now})


def _note(case: Case, kind: Remark, actor: Actor, given: dict[str, object]) -> None:
    post = Role.ACCEPTOR.value if actor.holds(Role.ACCEPTOR, area=case.area_code) else ""
    steps.append(case, kind.value, before=State(case.state), actor=actor, at=clock.now(), post=post,
                 given={name: value for name, value in given.items() if value != ""})
    outbox.publish(CaseMoved(case_id=case.pk))


def _reason(raw: str) -> str:
    return clean(raw, field="reason", longest=REASON_LENGTH)
