"""Somebody's own notices (我的通知): the list, the bell with its count, reading, and the live stream of the bell."""

from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from linli.kernel import token
from linli.kernel.actor import Actor
from linli.kernel.listening import listener
from linli.kernel.role import Role
from linli.notices import actions as notices
from linli.notices import queries
from linli.notices.domain import live as aloud
from linli.notices.queries.texts import language_of

ROWS: Final = 50
LIFETIME_S: Final = 60


@never_cache
@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what this person was told, the newest first."""
    page = _page(request)
    lines = queries.inbox(request.actor, language_of(get_language()), first=page * ROWS, most=ROWS + 1)
    return render(request, "notices/inbox.html", {
        "lines": lines[:ROWS], "page": page, "next_page": page + 1 if len(lines) > ROWS else None,
        "unread": queries.unread(request.actor), **frame(request.actor),
    })


@login_required
@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Note that a notice was read and go where it leads."""
    return redirect(notices.read(notice_id, actor=request.actor) or "notices")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Note that all was read."""
    notices.read_all(actor=request.actor)
    return redirect("notices")


@never_cache
@login_required
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """Answer a part of a page: the bell with how many are unread (铃)."""
    return HttpResponse(_bell(request))


@never_cache
@login_required
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Send a browser on to the live feed with a token that hears this person's notices only, for a minute."""
    key = settings.SECRET_KEY.encode()
    scope = {**aloud.scope_of(request.actor.ref), "who": f"{listener(request.actor.ref, key=key)}/bell"}
    signed = token.sign(scope, key=key, lifetime_s=LIFETIME_S)
    return HttpResponse(status=307, headers={
        "Location": f"{settings.LINLI_LIVE_URL.rstrip('/')}/live?token={quote(signed, safe='')}",
        "Referrer-Policy": "no-referrer",
    })


def context(request: HttpRequest) -> dict[str, Any]:
    """Give every page the bell of whoever is signed in; it is asked for only where it is shown."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated and hasattr(request, "actor")
    return {"bell": SimpleLazyObject(lambda: _bell(request)) if signed_in else ""}


def frame(actor: Actor) -> dict[str, Any]:
    """Return the frame of a page: the desk's for who has a post, the phone's for residents."""
    at_desk = any(post.role != Role.RESIDENT for post in actor.posts)
    return {"frame": "web/desk.html" if at_desk else "web/phone.html", "at_desk": at_desk,
            "is_operator": actor.holds(Role.OPERATOR, area="")}


def _bell(request: HttpRequest) -> str:
    return render_to_string("notices/bell.html", {"unread": queries.unread(request.actor)})


def _page(request: HttpRequest) -> int:
    word = request.GET.get("page", "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 6 else 0
