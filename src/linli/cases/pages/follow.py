"""Following a report by its link (凭链接查看): whoever holds the link may look, no search engine ever does."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases import actions as cases
from linli.cases import queries
from linli.cases.domain.given import REASON_LENGTH
from linli.cases.pages import contact, phone, trail, words
from linli.cases.pages.progress import five_steps
from linli.cases.pages.refusals import said
from linli.kernel.errors import DomainError, NotFound


def told_to_nobody(answer: HttpResponse) -> HttpResponse:
    """Keep the link out of others' referrers, of indexes and of stores along the way.

    Our own pages hear it: a browser that tells nobody sends a form with the origin `null`, which is refused.
    """
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show how a reported matter stands (我报的事); a wrong link gets a kind page and learns nothing."""
    return show(request, token)


def show(request: HttpRequest, token: str, *, typed: str = "", error: str = "", status: int = 200,
         refused: str = "", reason: str = "") -> HttpResponse:
    """Return the page of a link; `typed` and `error` are those of a contact that could not be taken."""
    try:
        progress = queries.public_progress(token)
    except NotFound:
        return told_to_nobody(render(request, "cases/no_such_link.html", status=404))
    proof = [photo for step in progress.steps for photo in step.photos]
    return told_to_nobody(render(request, "cases/follow.html", {
        "progress": progress, "token": token, "stands": words.STANDS[progress.state],
        "five": five_steps(progress.state), "before": progress.photos[:1], "after": proof[-1:],
        "more": [*progress.photos[1:], *proof[:-1]], "kept": token in phone.links_of(request),
        "link": request.build_absolute_uri(request.path),
        "steps": [(step, words.PUBLIC_STEPS[step.move], words.ICONS[step.move], count)
                  for step, count in trail.bundled(progress.steps)],
        "may_refuse": progress.may_refuse, "refused": refused, "reason": reason,
        **contact.offered(progress.report_id, typed=typed, error=error),
    }, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """Say that a closed matter is not solved (不满意重办); the case is opened again."""
    if request.method != "POST":
        return told_to_nobody(redirect("follow", token))
    reason = request.POST.get("reason", "").replace("\x00", "")[:2 * REASON_LENGTH]
    try:
        cases.refuse_closure(token, reason=reason)
    except NotFound:
        return told_to_nobody(render(request, "cases/no_such_link.html", status=404))
    except DomainError as error:
        return show(request, token, refused=said(error), reason=reason, status=error.status)
    return told_to_nobody(redirect("follow", token))


@require_safe
def photo(request: HttpRequest, token: str, photo_id: UUID) -> HttpResponse:
    """Show a photo to the holder of the link: the reporter's own, and what proves the work."""
    return told_to_nobody(HttpResponse(queries.photo_for_link(token, photo_id), content_type="image/jpeg"))
