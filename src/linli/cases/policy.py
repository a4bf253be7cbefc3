from typing import Final

from linli.cases.domain import workflow
from linli.cases.domain.intake import Source
from linli.cases.domain.workflow import Move, State
from linli.cases.models import Case, CaseQuerySet, CaseStep
from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role

REPORTS_AS: Final = {Source.SENSOR: None, Source.GRID: Role.GRID, Source.RESIDENT: None}


def visible_cases(actor: Actor) -> CaseQuerySet:
    """Return the cases this actor may see (可见案件); what is not among them does not exist for it."""
    return Case.objects.visible_to(actor)


def require(actor: Actor, deed: str, case: Case) -> None:
    """Refuse the move `deed` unless a post over this case allows it (环节权限). Asked after the lock.

    A unit's post counts for that unit's cases only; whoever handled a case may not judge it.

    Raises: NotPermitted, which says what is missing; NotFound for an unknown move.
    """
    move = workflow.move_named(deed)
    if not _holds_post(actor, move, case):
        raise NotPermitted("cases.no_post", "Your post does not allow this with this case.",
                           move=deed, role=move.role.value)
    if move.judges and has_handled(actor, case):
        raise NotPermitted("cases.handler_judges", "Whoever handled a case may not judge it.")


def moves_allowed(actor: Actor, case: Case) -> list[str]:
    """Return the moves that this actor may take with this case now (可办环节), in the table's order."""
    return [name for name in workflow.moves_from(State(case.state)) if _allows(actor, name, case)]


def require_source(actor: Actor, source: Source) -> None:
    """Refuse a report in another's name (来源权限): sensors' come from Linli itself, patrols' from grid workers."""
    role = REPORTS_AS[source]
    if source is Source.SENSOR and not actor.is_system:
        raise NotPermitted("cases.sensor_only", "Only Linli itself reports for sensors.")
    if role and not any(post.role == role for post in actor.posts):
        raise NotPermitted("cases.source_post", "Your post does not allow reporting from this source.",
                           source=source.value, role=role.value)


def has_handled(actor: Actor, case: Case) -> bool:
    """Return whether this actor ever reported this case done (是否处置人)."""
    return CaseStep.objects.filter(case=case, move="report_done", actor=actor.ref).exists()


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
    if move.role is Role.UNIT:
        return case.unit_id is not None and case.unit_id in actor.units
    return actor.holds(move.role, area=case.area_code)
