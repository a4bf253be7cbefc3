"""Leaving (退订): by the link in a mail, with one button, or by the mail program itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from linli.kernel.errors import Invalid
from linli.notices import actions as notices
from linli.notices import queries
from linli.notices.actions.contacts import subject_of


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token is the authority
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, so that nothing that merely opens links stops anything; then forget the address."""
    try:
        subject = subject_of(token)
    except Invalid:
        return _told_to_nobody(render(request, "notices/stop.html", {"unknown": True}, status=404))
    if request.method == "POST":
        notices.stop(token, actor=request.actor)
        return _told_to_nobody(render(request, "notices/stop.html", {"stopped": True}))
    left = queries.contact_of(subject)
    return _told_to_nobody(render(request, "notices/stop.html", {"left": left, "stopped": left is None}))


def _told_to_nobody(answer: HttpResponse) -> HttpResponse:
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
