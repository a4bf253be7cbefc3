from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.cases.domain.intake import Source
from linli.cases.models import Case, CaseReport, CaseStep


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of a case's record (经过): a move or a remark, by a post, never by a person's name."""

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
    """One report of a case (来报), without its reporter."""

    id: int
    source: str
    category: str
    text: str
    seen_at: datetime
    received_at: datetime
    merged: bool
    level: str
    facts: Mapping[str, Any]
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain from reading to close (来龙去脉); `at` None = still to happen."""

    kind: str
    at: datetime | None
    facts: Mapping[str, Any]


def over_among(case_ids: Collection[int]) -> set[int]:
    """Return which of these cases are closed or void (已了结案件)."""
    return set(Case.objects.filter(pk__in=case_ids).over().values_list("pk", flat=True))


def timeline(case_id: int) -> list[StepLine]:
    """Return all that happened to a case (流转经过), oldest first, as far as the open scope sees it."""
    rows = CaseStep.objects.filter(case_id=case_id).select_related("unit").prefetch_related("photos").order_by("pk")
    return [StepLine(row.at, row.move, row.before, row.state, row.post, row.unit.name if row.unit else "", row.given,
                     tuple(photo.photo_id for photo in row.photos.all())) for row in rows]


def reports_of(case_id: int) -> list[ReportLine]:
    """Return the reports of a case (来报), the one that opened it first."""
    rows = CaseReport.objects.filter(case_id=case_id).select_related("category").prefetch_related("photos")
    return [ReportLine(row.pk, row.source, row.category.code, row.text, row.seen_at, row.received_at, row.merged,
                       row.level, row.facts, tuple(photo.photo_id for photo in row.photos.all()))
            for row in rows.order_by("pk")]


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
    report = CaseReport.objects.filter(case_id=case_id, source=Source.SENSOR.value).order_by("pk").first()
    if report is None:
        return []
    return [Link("reading", report.seen_at, report.facts), Link("alert", report.received_at, report.facts)]
