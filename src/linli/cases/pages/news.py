"""Where a reporter wants to hear how it goes on (进展通知): one field on the page of their link, left or not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.audit import actions as audit
from linli.cases import queries
from linli.cases.models import Case, CaseReport
from linli.cases.pages import follow
from linli.cases.pages.refusals import said
from linli.cases.queries.news import what_and_where
from linli.cases.queries.public import report_of_link
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotFound, TooMany
from linli.notices import actions as notices
from linli.notices.queries.texts import language_of


@sensitive_post_parameters("to")
@never_cache
@require_POST
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Take, change or remove the contact; what cannot be used comes back beside its field."""
    try:
        report_id = _report_of(token)
    except NotFound:
        return follow.told_to_nobody(render(request, "cases/no_such_link.html", status=404))
    if "remove" in request.POST:
        notices.remove_contact(f"report:{report_id}", actor=request.actor)
        return _back(token)
    typed = request.POST.get("to", "")[:300]
    try:
        notices.leave_contact(f"report:{report_id}", typed, follow_token=token, language=language_of(get_language()),
                              actor=request.actor)
    except (Invalid, TooMany) as error:
        return follow.show(request, token, typed=typed, error=said(error), status=error.status)
    notices.ask_to_confirm(f"report:{report_id}", what_and_where(_case_of(report_id)))
    return _back(token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """Ask once, so that nothing that merely opens links confirms anything; then let the contact hear.

    Whoever reads what was sent to a mistyped number learns nothing of the report: it is told to who said yes.
    """
    is_done = request.method == "POST"
    if is_done:
        try:
            subject = notices.confirm(signed, actor=request.actor)
        except (Invalid, NotFound):
            return follow.told_to_nobody(render(request, "cases/no_such_link.html", status=404))
        _forget_in_time(int(subject.removeprefix("report:")))
    return follow.told_to_nobody(render(request, "cases/confirm.html", {"signed": signed, "is_done": is_done}))


def _forget_in_time(report_id: int) -> None:
    case = _case_of(report_id)
    notices.forget_after([f"report:{report_id}"], None if case.is_open else case.closed_at or clock.now())


def _case_of(report_id: int) -> Case:
    with audit.acting(Actor.system("cases")):
        return Case.objects.with_facts().get(pk=queries.root_of(CaseReport.objects.get(pk=report_id).case_id))


def _report_of(token: str) -> int:
    with audit.acting(Actor.system("cases")):
        return report_of_link(token).pk


def _back(token: str) -> HttpResponse:
    return follow.told_to_nobody(redirect(f"{reverse('follow', args=[token])}#news"))
