"""Same matter? (同一案件): the acceptor's questions, both cases side by side, and what undoes an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.cases import actions as cases
from linli.cases import policy, queries
from linli.cases.domain.merging import Verdict
from linli.cases.models import Case, Likeness
from linli.cases.pages import place_map, record, signs, words
from linli.cases.pages.access import at_desk, seen
from linli.cases.pages.refusals import said
from linli.cases.pages.told import Namer, all_told, namer
from linli.cases.queries import ReportLine
from linli.kernel.errors import DomainError, NotFound, NotPermitted

ROWS: Final = 50
TOLD_AT_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two cases: its latest reports with what they say, how many more there are, its waiting."""

    case: Case
    reports: Sequence[tuple[ReportLine, str]]
    more: int
    waits: Any


@never_cache
@at_desk
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """List what this acceptor is asked; without a question the page says so."""
    rows = list(queries.likenesses_for(request.actor)[:ROWS])
    return render(request, "cases/same_list.html", {
        "rows": [(row, signs.percent(row.parts), signs.of(row.parts)) for row in rows],
        "done": words.VERDICTS.get(request.GET.get("done", "")),
    })


@never_cache
@at_desk
@require_safe
def question(request: HttpRequest, likeness_id: int) -> HttpResponse:
    """Show both cases of one question side by side."""
    return _asked(request, _question(request, likeness_id))


@at_desk
@require_POST
def decide(request: HttpRequest, likeness_id: int, verdict: str) -> HttpResponse:
    """Take the acceptor's answer and go on to the next question."""
    row = _question(request, likeness_id)
    if verdict not in (Verdict.SAME.value, Verdict.DIFFERENT.value):
        raise NotFound("cases.no_such_verdict", "There is no such answer.")
    try:
        cases.decide(row.pk, Verdict(verdict), actor=request.actor, reason=request.POST.get("reason", ""))
    except NotPermitted:
        raise
    except DomainError as error:
        return _asked(request, row, error=said(error), status=error.status)
    return redirect(f"{reverse('same')}?done={verdict}")


@at_desk
@require_POST
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Merge another case, named by its number, with this one."""
    found = seen(request.actor, number)
    try:
        other = seen(request.actor, request.POST.get("other", "").replace("\x00", "").strip().upper())
        main = cases.merge_cases(found.pk, other.pk, actor=request.actor, reason=request.POST.get("reason", ""))
    except NotPermitted:
        raise
    except DomainError as error:
        return _refused(request, number, error)
    return redirect(f"{reverse('case', args=[main.number])}?done=case_merged")


@at_desk
@require_POST
def unmerge(request: HttpRequest, number: str) -> HttpResponse:
    """Let a merged case stand alone again."""
    found = seen(request.actor, number)
    try:
        cases.unmerge_case(found.pk, actor=request.actor, reason=request.POST.get("reason", ""))
    except NotPermitted:
        raise
    except DomainError as error:
        return _refused(request, number, error)
    return redirect(f"{reverse('case', args=[number])}?done=unmerged")


@at_desk
@require_POST
def split(request: HttpRequest, number: str, report_id: int) -> HttpResponse:
    """Split a report that joined by itself off to a case of its own, and go there."""
    found = seen(request.actor, number)
    try:
        if report_id not in {report.id for report in queries.reports_of(found.pk)}:
            raise NotFound("cases.no_such_report", "There is no such report.")
        new = cases.unmerge(report_id, actor=request.actor, reason=request.POST.get("reason", ""))
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        return _refused(request, number, error)
    return redirect(f"{reverse('case', args=[new.number])}?done=split_off")


def _question(request: HttpRequest, likeness_id: int) -> Likeness:
    rows = Likeness.objects.for_acceptor(request.actor).select_related("case__category", "other__category")
    row = rows.filter(pk=likeness_id).first()
    if row is None:
        raise NotFound("cases.no_such_likeness", "There is no such question.")
    return row


def _asked(request: HttpRequest, row: Likeness, *, error: str = "", status: int = 200) -> HttpResponse:
    named, both = namer(), (row.other, row.case)
    return render(request, "cases/same.html", {
        "row": row, "sides": [_side(case, named) for case in both], "percent": signs.percent(row.parts),
        "signs": signs.of(row.parts), "verdict": words.VERDICTS.get(row.state), "error": error,
        "possible": row.state == Verdict.PENDING.value and all(case.is_open for case in both),
        "both_map": place_map.around(both, [(case.lon, case.lat) for case in both], mine="", none="",
                                     url=lambda case: reverse("case", args=[case.number])),
    }, status=status)


def _side(case: Case, named: Namer) -> Side:
    reports = queries.reports_of(case.pk)
    return Side(case, all_told(reports[-TOLD_AT_MOST:], named), max(0, len(reports) - TOLD_AT_MOST),
                words.WAITS[case.state])


def _refused(request: HttpRequest, number: str, error: DomainError) -> HttpResponse:
    now = seen(request.actor, number)
    return record.show(request, now, policy.moves_allowed(request.actor, now), error=said(error), status=error.status)
