from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from linli.audit import actions as audit
from linli.cases.domain import follow
from linli.cases.domain.intake import Source, may_refuse
from linli.cases.domain.limits import Standing
from linli.cases.models import Case, CaseReport, CaseStep, FollowLink
from linli.cases.queries.matters import main_of
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

PUBLIC_STEPS: Final = frozenset({
    "opened", "merged", "case_merged", "case_left", "accept", "reject", "ask_to_verify", "verify", "not_found", "file",
    "dispatch", "return_to_dispatcher", "agree_extension", "agree_suspension", "resume", "resumed", "report_done",
    "check", "send_back", "close", "reopen", "refuse_closure",
})
PUBLIC_PROOF: Final = frozenset({"verify", "not_found", "report_done", "check"})


@dataclass(frozen=True, slots=True)
class PublicStep:
    """One step as its reporter may see it (公开进展); `reason` only where the case was refused."""

    at: datetime
    move: str
    state: str
    unit_name: str
    reason: str
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How a reported matter stands, for whoever holds its link (公开进展): no names, no other reporter's words.

    `number` is that of the case that goes on for the matter, `own_number` the one it was reported under.
    """

    case_id: int
    report_id: int
    number: str
    own_number: str
    heading: str
    place: str
    state: str
    standing: Standing
    limit_text: str
    due_at: datetime | None
    suspended_until: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    unit_name: str
    may_refuse: bool
    merged: bool
    report_count: int
    text: str
    seen_at: datetime
    photos: tuple[UUID, ...]
    steps: tuple[PublicStep, ...]


def public_progress(token: str) -> Progress:
    """Return how the matter stands whose link this is (查看进展).

    Raises: NotFound if it is no link of ours.
    """
    with audit.acting(Actor.system("cases")):
        report = report_of_link(token)
        case = Case.objects.with_facts().get(pk=main_of(report.case))
        return Progress(
            case_id=case.pk, report_id=report.pk, number=case.number, own_number=report.case.number,
            heading=case.heading, place=case.place, state=case.state,
            standing=case.standing, limit_text=case.limit_text, due_at=case.due_at,
            suspended_until=case.suspended_until if case.is_suspended else None, opened_at=case.opened_at,
            closed_at=case.closed_at, unit_name=_unit_name(case), merged=report.merged or case.pk != report.case_id,
            may_refuse=may_refuse([Source(report.source)], case.closed_at, clock.now()),
            report_count=case.report_count, text=report.text, seen_at=report.seen_at,
            photos=tuple(report.photos.order_by("pk").values_list("photo_id", flat=True)), steps=_steps(case),
        )


def report_of_link(token: str) -> CaseReport:
    """Return the report whose link this is, under a scope that sees it; raise NotFound if there is none."""
    link = FollowLink.objects.filter(token_sha256=follow.digest(token)).select_related("report__case").first()
    if link is None:
        raise NotFound("cases.no_such_link", "This link leads nowhere. Please check that it is complete.")
    return link.report


def _unit_name(case: Case) -> str:
    """Return who is at it: a unit that is only proposed is not told."""
    return case.unit.name if case.unit and case.state not in ("reported", "accepted", "filed", "void") else ""


def _steps(case: Case) -> tuple[PublicStep, ...]:
    rows = CaseStep.objects.filter(case=case, move__in=PUBLIC_STEPS).select_related("unit").prefetch_related("photos")
    return tuple(_public(row) for row in rows.order_by("pk"))


def _public(row: CaseStep) -> PublicStep:
    named = row.unit.name if row.unit and row.move in ("dispatch", "report_done") else ""
    proof = tuple(photo.photo_id for photo in row.photos.all()) if row.move in PUBLIC_PROOF else ()
    reason = str(row.given.get("reason", "")) if row.move == "reject" else ""
    return PublicStep(row.at, row.move, row.state, named, reason, proof)
