from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from linli.assets import queries as assets
from linli.audit import actions as audit
from linli.cases import actions, policy, queries
from linli.cases.domain.given import PHOTOS_AT_MOST, REASON_LENGTH
from linli.cases.domain.intake import REF_LENGTH, Report, Source
from linli.cases.domain.texts import REPORT_LENGTH
from linli.cases.domain.workflow import State
from linli.cases.models import Case
from linli.files import actions as files
from linli.files.domain.making_safe import BYTES_AT_MOST
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotFound, TooLarge
from linli.kernel.geo import Point

PAGE_AT_MOST = 200
AS_JPEG = {"responses": {200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}}}
router = Router(tags=["cases"])


class CategoryOut(Schema):
    """What can be reported (案件类别)."""

    code: str
    name: str
    kind: str
    quick_pick: bool


class CaseLine(Schema):
    """A case in a list (案件). `late` is null where the end of its limit cannot be told."""

    id: int
    number: str
    title: str
    place: str
    state: State
    level: str
    category_code: str
    area_code: str
    lon: float
    lat: float
    component_id: int | None
    unit_id: int | None
    unit_name: str | None
    route_rule: str
    report_count: int
    condition_code: str | None
    limit_amount: int | None
    limit_unit: str
    late: bool | None
    opened_at: datetime
    filed_at: datetime | None
    due_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None


class StepOut(Schema):
    """One line of the record (流转记录); posts, not persons."""

    at: datetime
    move: str
    before: str
    state: str
    post: str
    unit_name: str
    given: dict[str, Any]
    photos: list[UUID]


class ReportOut(Schema):
    """One report of the case (来报), without its reporter; `likeness` = why it joined by itself, null if it did not."""

    id: int
    case_id: int
    source: str
    category: str
    text: str
    seen_at: datetime
    received_at: datetime
    merged: bool
    level: str
    facts: dict[str, Any]
    photos: list[UUID]
    likeness: dict[str, Any] | None


class CaseOut(CaseLine):
    """A case with its record, and the moves that the asker may take now (案件详情).

    `merged_into_id` names the case in which it rests (并案), null where it stands for its matter itself.
    """

    merged_into_id: int | None
    moves: list[str]
    steps: list[StepOut]
    reports: list[ReportOut]


class ReportIn(Schema):
    """A report (上报). `source_ref` is the sender's own, best drawn by lot: sending twice is then harmless."""

    source: Source = Source.RESIDENT
    source_ref: str = Field(min_length=1, max_length=REF_LENGTH)
    category: str = Field(max_length=30)
    lon: float
    lat: float
    seen_at: datetime | None = None
    text: str = Field("", max_length=2 * REPORT_LENGTH)
    component_code: str = Field("", pattern=r"^([0-9]{16})?$")
    photos: list[UUID] = Field([], max_length=PHOTOS_AT_MOST)


class SubmittedOut(Schema):
    """Where the report went (上报回执). `follow_token` is told this once, to residents."""

    number: str
    merged: bool
    follow_token: str | None


class MoveIn(Schema):
    """What a move is given (环节内容); which of it a move needs, `docs/reference/moves.md` says."""

    reason: str | None = Field(None, max_length=REASON_LENGTH)
    condition: str | None = Field(None, max_length=60)
    unit: int | None = None
    evidence: list[UUID] | None = Field(None, max_length=PHOTOS_AT_MOST)
    condition_met: bool | None = None
    until: date | None = None
    note: str | None = Field(None, max_length=REASON_LENGTH)


class PhotoOut(Schema):
    """A photo that was kept (照片)."""

    id: UUID
    width: int
    height: int


@router.get("/categories", response=list[CategoryOut], auth=None)
def list_categories(request: HttpRequest) -> Any:
    """List what can be reported (案件类别)."""
    return queries.categories()


@router.get("/cases", response=list[CaseLine])
def list_cases(request: HttpRequest, state: State | None = None, queue: str = Query("open", max_length=30),
               area: str = Query("", pattern="^[0-9]{0,15}$"), limit: int = Query(100, ge=1, le=PAGE_AT_MOST),
               offset: int = Query(0, ge=0, le=100_000)) -> HttpResponse:
    """List the cases of a queue that the asker sees, most urgent first (案件列表)."""
    actor = _actor(request)
    rows = queries.inbox(actor, queue).filter(area_code__startswith=area)
    if state:
        rows = rows.filter(state=state.value)
    return _json(queries.cases_json(rows[offset:offset + limit]))


@router.get("/cases/pins", response=dict[str, Any])
def case_pins(request: HttpRequest) -> HttpResponse:
    """Return the open cases that the asker sees as GeoJSON points (在办案件点位)."""
    return _json(queries.open_pins(_actor(request)))


@router.get("/cases/{case_id}", response=CaseOut)
def get_case(request: HttpRequest, case_id: int) -> Any:
    """Return one case with its record (案件详情)."""
    return _shown(_visible(request, case_id), _actor(request))


@router.get("/cases/{case_id}/photos/{photo_id}", openapi_extra=AS_JPEG)
def get_photo(request: HttpRequest, case_id: int, photo_id: UUID) -> HttpResponse:
    """Return a photo of a case as JPEG (案件照片)."""
    data = queries.photo_for(_actor(request), case_id, photo_id)
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


@router.post("/cases/{case_id}/moves/{name}", response=CaseOut)
def post_move(request: HttpRequest, case_id: int, name: str, body: MoveIn) -> Any:
    """Take a move with a case (案件流转)."""
    actor = _actor(request)
    moved = actions.move(case_id, name, actor=actor, **body.dict(exclude_none=True))
    still = policy.visible_cases(actor).with_facts().filter(pk=moved.pk).first()
    if still:
        return _shown(still, actor)
    with audit.acting(Actor.system("cases")):  # given back: told once more how it stands, then out of sight
        return _shown(Case.objects.with_facts().get(pk=moved.pk), actor)


@router.post("/photos", response={201: PhotoOut}, auth=None, url_name="api-photo")
def post_photo(request: HttpRequest, photo: File[UploadedFile]) -> Any:
    """Keep a photo, made safe, to be named in a report or a move within a day (上传照片)."""
    if (photo.size or 0) > BYTES_AT_MOST:
        raise TooLarge("files.too_large", "A photo may have at most {most} MB.", field="photo", most=10)
    return Status(201, files.keep_photo(photo.read(), actor=_actor(request)))


@router.post("/reports", response={201: SubmittedOut}, auth=None, url_name="api-report")
def post_report(request: HttpRequest, body: ReportIn) -> Any:
    """Take a report in, from anybody (上报)."""
    report = Report(
        source=body.source, source_ref=body.source_ref, category=body.category, where=Point(body.lon, body.lat),
        seen_at=body.seen_at or clock.now(), text=body.text, component_id=_component(body.component_code),
        photos=tuple(body.photos),
    )
    return Status(201, actions.submit(report, actor=_actor(request)))


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _json(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")


def _visible(request: HttpRequest, case_id: int) -> Case:
    case = policy.visible_cases(_actor(request)).with_facts().filter(pk=case_id).first()
    if case is None:
        raise NotFound("cases.no_such_case", "There is no such case.")
    return case


def _component(code: str) -> int | None:
    if not code:
        return None
    with audit.acting(Actor.system("cases")):
        card = assets.by_code(code)
    if card is None:
        raise Invalid("cases.no_such_component", "There is no such component.", field="component_code")
    return card.id


def _shown(case: Case, actor: Actor) -> dict[str, Any]:
    line = {name: getattr(case, name) for name in CaseLine.model_fields if hasattr(case, name)}
    late = None if case.due_at is None else (case.handled_at or clock.now()) > case.due_at
    return {**line, "merged_into_id": case.merged_into_id, "category_code": case.category.code, "late": late,
            "moves": policy.moves_allowed(actor, case),
            "condition_code": case.condition.code if case.condition else None,
            "unit_name": case.unit.name if case.unit else None,
            "steps": [{name: getattr(step, name) for name in StepOut.model_fields}
                      for step in queries.timeline(case.pk)],
            "reports": [{name: getattr(report, name) for name in ReportOut.model_fields}
                        for report in queries.reports_of(case.pk)]}
