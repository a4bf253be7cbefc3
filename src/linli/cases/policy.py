from typing import Final

from django.db.models import Q

from linli.audit import actions as audit
from linli.cases.domain import workflow
from linli.cases.domain.facts import Fact
from linli.cases.domain.intake import Source, may_refuse
from linli.cases.domain.workflow import Move, State
from linli.cases.models import Case, CaseQuerySet, CaseReport, CaseStep
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS, Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role

LINK_HOLDER: Final = "report:"  # whoever holds the follow link of this report, and nothing else
REPORTS_AS: Final = {Source.SENSOR: None, Source.GRID: Role.GRID, Source.RESIDENT: None}


def visible_cases(actor: Actor) -> CaseQuerySet:
    """Return the cases this actor may see (可见案件); what is not among them does not exist for it."""
    return Case.objects.visible_to(actor)


def require(actor: Actor, deed: str, case: Case) -> None:
    """Refuse the move `deed` unless a post over this case allows it (环节权限). Asked after the lock.

    A unit's post counts for that unit's cases only; whoever handled a case may not judge it, and
    nobody proves what they reported themselves.

    Raises: NotPermitted, which says what is missing; NotFound for an unknown move.
    """
    move = workflow.move_named(deed)
    if not _holds_post(actor, move, case):
        raise NotPermitted("cases.no_post", "Your post does not allow this with this case.",
                           move=deed, role=move.role.value)
    if move.judges and has_handled(actor, case):
        raise NotPermitted("cases.handler_judges", "Whoever handled a case may not judge it.")
    if move.proves and has_reported(actor, case.pk):
        raise NotPermitted("cases.reporter_proves", "Whoever reported a case may not verify it.")


def moves_allowed(actor: Actor, case: Case) -> list[str]:
    """Return the moves that this actor may take with this case now (可办环节), in the table's order."""
    possible = workflow.moves_from(State(case.state), facts_of(case)) if case.merged_into_id is None else ()
    return [name for name in possible if _allows(actor, name, case)]


def facts_of(case: Case) -> frozenset[Fact]:
    """Return what holds of a case now, as the moves ask for it (案件情形)."""
    facts = case.limit_facts()
    return facts | {Fact.MAY_BE_REFUSED} if _may_be_refused(case) else facts


def require_source(actor: Actor, source: Source) -> None:
    """Refuse a report in another's name (来源权限): sensors' come from Linli itself, patrols' from grid workers."""
    role = REPORTS_AS[source]
    if source is Source.SENSOR and not actor.is_system:
        raise NotPermitted("cases.sensor_only", "Only Linli itself reports for sensors.")
    if role and not any(post.role == role for post in actor.posts):
        raise NotPermitted("cases.source_post", "Your post does not allow reporting from this source.",
                           source=source.value, role=role.value)


def require_over(actor: Actor, role: Role, *cases: Case) -> None:
    """Refuse whoever does not hold `role` over the areas of all these cases (跨案件权限).

    Raises: NotPermitted.
    """
    if not all(actor.holds(role, area=case.area_code) for case in cases):
        raise NotPermitted("cases.no_post_over_both", "Your post does not reach over both cases.", role=role.value)


def has_handled(actor: Actor, case: Case) -> bool:
    """Return whether this actor ever reported this case done (是否处置人)."""
    return CaseStep.objects.filter(case=case, move="report_done", actor=actor.ref).exists()


def has_reported(actor: Actor, case_id: int) -> bool:
    """Return whether this actor is known as a reporter of this case (是否上报人); nobody unnamed is."""
    if actor == ANONYMOUS:
        return False
    with audit.acting(Actor.system("cases")):
        reports = CaseReport.objects.filter(
            Q(case=case_id) | Q(case__merged_into=case_id) | Q(case__merged_into__merged_into=case_id))
        if actor.ref.startswith(LINK_HOLDER):
            return reports.filter(pk=int(actor.ref.removeprefix(LINK_HOLDER))).exists()
        return reports.filter(reporter=actor.ref).exists()


def post_for(actor: Actor, deed: str, case: Case) -> str:
    """Return the role in which this actor takes the move, for the step's row."""
    move = workflow.move_named(deed)
    return move.role.value if _holds_post(actor, move, case) else ""


def _allows(actor: Actor, deed: str, case: Case) -> bool:
    try:
        require(actor, deed, case)
    except NotPermitted:
        return False
    return True


def _holds_post(actor: Actor, move: Move, case: Case) -> bool:
    if move.role is Role.RESIDENT:
        return has_reported(actor, case.pk)
    if move.role is Role.UNIT:
        return case.unit_id is not None and case.unit_id in actor.units
    return actor.holds(move.role, area=case.area_code)


def _may_be_refused(case: Case) -> bool:
    if case.closed_at is None:
        return False
    with audit.acting(Actor.system("cases")):
        sources = list(CaseReport.objects.filter(case=case).values_list("source", flat=True).distinct())
    return may_refuse([Source(source) for source in sources], case.closed_at, clock.now())
