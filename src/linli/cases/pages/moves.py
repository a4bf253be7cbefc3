"""The address to which a move's form is sent (办理提交)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from linli.cases import policy
from linli.cases.domain import workflow
from linli.cases.models import Case
from linli.cases.pages import deeds, record
from linli.cases.pages.access import at_desk, seen
from linli.cases.pages.refusals import said
from linli.kernel.errors import DomainError, NotPermitted


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take a move and show the case after it; a refused one comes back with everything that was filled in."""
    found = seen(request.actor, number)
    if request.method != "POST":
        return redirect(f"{reverse('case', args=[number])}?move={name}")
    workflow.move_named(name)
    policy.require(request.actor, name, found)
    deed = deeds.filled(request, found, name)
    if deed.stays:
        return record.show(request, found, policy.moves_allowed(request.actor, found), deed=deed)
    if deed.refused or deed.form.errors:
        return record.show(request, found, policy.moves_allowed(request.actor, found), deed=deed, status=422)
    try:
        deeds.take(deed, found, actor=request.actor)
    except NotPermitted:
        raise
    except DomainError as error:
        return _refused(request, found, deed, error)
    return deeds.after(found, name, request.actor)


def _refused(request: HttpRequest, found: Case, deed: deeds.Deed, error: DomainError) -> HttpResponse:
    """Show the case as it stands now, why the move was refused, and the form again if it is still possible."""
    now = seen(request.actor, found.number)
    allowed = policy.moves_allowed(request.actor, now)
    return record.show(request, now, allowed, deed=deed, error=said(error), status=error.status)
