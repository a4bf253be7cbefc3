"""Following a report by its link (凭链接查看): whoever holds the link may look, no search engine ever does."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.cases import queries
from linli.cases.pages import contact, phone, trail, words
from linli.cases.pages.progress import five_steps
from linli.kernel.errors import NotFound


def told_to_nobody(answer: HttpResponse) -> HttpResponse:
    """Keep the link out of referrers, indexes and stores along the way."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show how a reported matter stands (我报的事); a wrong link gets a kind page and learns nothing."""
    return show(request, token)


def show(request: HttpRequest, token: str, *, typed: str = "", error: str = "", status: int = 200) -> HttpResponse:
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
        **contact.offered(progress.report_id, typed=typed, error=error),
    }, status=status))


@require_safe
def photo(request: HttpRequest, token: str, photo_id: UUID) -> HttpResponse:
    """Show a photo to the holder of the link: the reporter's own, and what proves the work."""
    return told_to_nobody(HttpResponse(queries.photo_for_link(token, photo_id), content_type="image/jpeg"))
