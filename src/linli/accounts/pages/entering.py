"""The last steps of signing in (进入系统): what is still asked, then to one's place of work."""

from typing import Final

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from linli.accounts import actions, queries
from linli.accounts.models import User
from linli.accounts.pages import browser, halfway
from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.kernel.role import Role

COMMANDING: Final = frozenset({Role.STREET, Role.DISTRICT, Role.OPERATOR})
ON_SITE: Final = frozenset({Role.GRID})
AT_A_DESK: Final = frozenset(Role) - COMMANDING - ON_SITE - {Role.RESIDENT}


def go_on(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    """Lead who gave the right password on (继续登录): to a password of their own, to the second factor, or in."""
    if user.one_time_until is not None:
        halfway.keep(request, user, wanted)
        return redirect("new-password")
    if queries.has_factor(user.pk) or queries.must_have_factor(user.pk):
        halfway.keep(request, user, wanted)
        return redirect("second-factor")
    return enter(request, user, wanted)


def is_ours(request: HttpRequest, address: str) -> bool:
    """Return whether an address that a browser names is one of ours (站内地址)."""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def enter(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    """Sign somebody in of whom nothing more is asked (登录成功), and lead to where they wanted to go."""
    request.session.pop(halfway.KEPT, None)
    auth.login(request, user)
    actions.stamp(request.session, request.headers.get("User-Agent", ""))
    actor = queries.actor_for(user)
    audit.record("accounts.sign_in", actor=actor, target=f"user:{user.pk}")
    response = redirect(wanted if is_ours(request, wanted) else _place_of_work(actor))
    browser.remember(request, response, user.pk)
    return response


def _place_of_work(actor: Actor) -> str:
    roles = {post.role for post in actor.posts}
    if roles & AT_A_DESK:
        return "/desk/"
    if roles & ON_SITE:
        return "/field/"
    return "/command/" if roles & COMMANDING else "/"
