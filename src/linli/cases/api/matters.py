from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from linli.cases import actions, policy, queries
from linli.cases.domain.given import REASON_LENGTH
from linli.cases.domain.merging import Verdict
from linli.cases.models import Case, Likeness
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

PAGE_AT_MOST = 200
LARGEST_ID = 2**63 - 1
router = Router(tags=["cases"])


class LikenessOut(Schema):
    """Two cases that may be one matter (疑似同一案件); `parts` says why: what was found, and what it weighed."""

    id: int
    case_id: int
    other_id: int
    score: float
    parts: dict[str, Any]
    state: Verdict
    asked_at: datetime
    decided_at: datetime | None


class MatterOut(Schema):
    """Where a case stands among those of its matter (并案情况); `merged_into_id` is null where it stands alone."""

    id: int
    number: str
    merged_into_id: int | None
    report_count: int


class ReasonIn(Schema):
    """Why (理由)."""

    reason: str = Field("", max_length=REASON_LENGTH)


class NeededReasonIn(Schema):
    """Why, which must be said (理由)."""

    reason: str = Field(min_length=1, max_length=REASON_LENGTH)


class MergeIn(ReasonIn):
    """The case that is to rest in this one (并入的案件)."""

    case: int = Field(ge=1, le=LARGEST_ID)


@router.get("/likenesses", response=list[LikenessOut])
def list_likenesses(request: HttpRequest, limit: int = Query(100, ge=1, le=PAGE_AT_MOST)) -> Any:
    """List the questions "same matter?" that wait for the asker (待判事项), the most urgent and likeliest first."""
    return queries.likenesses_for(_actor(request))[:limit]


@router.post("/likenesses/{likeness_id}/{verdict}", response=LikenessOut)
def post_verdict(request: HttpRequest, likeness_id: int, verdict: str, body: ReasonIn) -> Any:
    """Answer whether two cases are one matter (判定): `same` or `different`."""
    actor = _actor(request)
    if verdict not in (Verdict.SAME.value, Verdict.DIFFERENT.value):
        raise NotFound("cases.no_such_verdict", "There is no such answer.")
    if not _fits(likeness_id) or not Likeness.objects.for_acceptor(actor).filter(pk=likeness_id).exists():
        raise NotFound("cases.no_such_likeness", "There is no such question.")
    return actions.decide(likeness_id, Verdict(verdict), actor=actor, reason=body.reason)


@router.post("/cases/{case_id}/merge", response=MatterOut)
def post_merge(request: HttpRequest, case_id: int, body: MergeIn) -> Any:
    """Let another case rest in this one (并案); the answer is the case that goes on."""
    return actions.merge_cases(_known(request, case_id), body.case, actor=_actor(request), reason=body.reason)


@router.post("/cases/{case_id}/unmerge", response=MatterOut)
def post_unmerge(request: HttpRequest, case_id: int, body: NeededReasonIn) -> Any:
    """Let a merged case stand alone again (拆案)."""
    return actions.unmerge_case(_known(request, case_id), actor=_actor(request), reason=body.reason)


@router.post("/cases/{case_id}/reports/{report_id}/split", response=MatterOut)
def post_split(request: HttpRequest, case_id: int, report_id: int, body: NeededReasonIn) -> Any:
    """Split a report that joined by itself off to a case of its own (来报拆分); the answer is that case."""
    if report_id not in {report.id for report in queries.reports_of(_known(request, case_id))}:
        raise NotFound("cases.no_such_report", "There is no such report.")
    return actions.unmerge(report_id, actor=_actor(request), reason=body.reason)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _known(request: HttpRequest, case_id: int) -> int:
    """Return the id of a case that the asker sees; raise NotFound for any other."""
    found: Case | None = None
    if _fits(case_id):
        found = policy.visible_cases(_actor(request)).filter(pk=case_id).first()
    if found is None:
        raise NotFound("cases.no_such_case", "There is no such case.")
    return found.pk


def _fits(number: int) -> bool:
    return 0 < number <= LARGEST_ID
