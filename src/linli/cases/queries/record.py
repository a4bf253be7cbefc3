from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.audit import actions as audit
from linli.cases.domain.intake import Source
from linli.cases.models import Case, CaseReport, CaseStep
from linli.cases.queries.matters import family, roots_of
from linli.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of a case's record (经过): a move or a remark, by a post, never by a person's name."""

    id: int
    at: datetime
    move: str
    before: str
    state: str
    post: str
    unit_name: str
    given: Mapping[str, Any]
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report of a case (来报), without its reporter.

    `case_id` is the case it was taken in under; `likeness` why it joined that by itself, None if it did not.
    """

    id: int
    case_id: int
    source: str
    category: str
    text: str
    seen_at: datetime
    received_at: datetime
    merged: bool
    level: str
    facts: Mapping[str, Any]
    photos: tuple[UUID, ...]
    likeness: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain from reading to close (来龙去脉); `at` None = still to happen."""

    kind: str
    at: datetime | None
    facts: Mapping[str, Any]


def over_among(case_ids: Collection[int]) -> set[int]:
    """Return which of these cases are closed or void (已了结案件); a merged one ends with the case it rests in."""
    roots = roots_of(case_ids)
    over = set(Case.objects.filter(pk__in=set(roots.values())).over().values_list("pk", flat=True))
    return {case_id for case_id, root in roots.items() if root in over}


def timeline(case_id: int) -> list[StepLine]:
    """Return all that happened to a case (流转经过), oldest first, as far as the open scope sees it."""
    rows = CaseStep.objects.filter(case_id=case_id).select_related("unit").prefetch_related("photos").order_by("pk")
    return [StepLine(row.pk, row.at, row.move, row.before, row.state, row.post, row.unit.name if row.unit else "",
                     row.given, tuple(photo.photo_id for photo in row.photos.all())) for row in rows]


def reports_of(case_id: int) -> list[ReportLine]:
    """Return the reports of a case and of all that rest in it (来报), the oldest first.

    Whoever sees a case sees all that was reported of its matter; nothing if the open scope does not see the case.
    """
    if not Case.objects.filter(pk=case_id).exists():
        return []
    with audit.acting(Actor.system("cases")):
        rows = CaseReport.objects.filter(case__in=family(case_id)).select_related("category")
        return [ReportLine(row.pk, row.case_id, row.source, row.category.code, row.text, row.seen_at, row.received_at,
                           row.merged, row.level, row.facts, tuple(photo.photo_id for photo in row.photos.all()),
                           row.likeness)
                for row in rows.prefetch_related("photos").order_by("pk")]


def chain(case_id: int) -> list[Link]:
    """Return the chain reading → alert → case → unit → check → close (来龙去脉).

    Without a sensor's report it begins at the case. The facts of `reading` and `alert` are those
    that the alert handed in: `exceedance`, `thing`, `metric`, `value`, `unit`, `rule`, `alert`.
    """
    case = Case.objects.select_related("unit").filter(pk=case_id).first()
    if case is None:
        return []
    last: dict[str, datetime] = {}
    for move, at in CaseStep.objects.filter(case=case).order_by("pk").values_list("move", "at"):
        last[move] = at
    dispatched = last.get("dispatch") if case.state != "filed" else None
    checked = last.get("check") if case.checked_by else None
    return [
        *_sensed(case_id),
        Link("case", case.opened_at, {"number": case.number, "reports": case.report_count, "level": case.level}),
        Link("unit", case.handled_at or dispatched,
             {"unit": case.unit.name if case.unit else "", "done": case.handled_at is not None}),
        Link("check", checked, {}),
        Link("close", case.closed_at, {}),
    ]


def _sensed(case_id: int) -> list[Link]:
    report = CaseReport.objects.filter(case__in=family(case_id), source=Source.SENSOR.value).order_by("pk").first()
    if report is None:
        return []
    return [Link("reading", report.seen_at, report.facts), Link("alert", report.received_at, report.facts)]
