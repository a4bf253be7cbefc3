"""The second factor in the browser (动态口令页面): asked for on the way in, set up there or under one's account."""

import math
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.accounts import actions, queries
from linli.accounts.models import User
from linli.accounts.pages import halfway
from linli.accounts.pages.entering import enter
from linli.kernel.errors import DomainError


class Owner(NamedTuple):
    """Whose second factor it is; `wanted` is where they are on the way to, None if they are in."""

    user: User
    wanted: str | None


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask who gave the right password for a code (登录第二步); who must have a second factor sets it up first."""
    coming = halfway.who(request)
    if coming is None or coming.user.one_time_until is not None:
        return redirect("sign-in")
    if not queries.has_factor(coming.user.pk):
        return render(request, "accounts/factor_needed.html")
    if request.method != "POST":
        return render(request, "accounts/second_factor.html")
    code = request.POST.get("code", "")[:100]
    wait = actions.check_factor(coming.user.pk, code, actor=queries.actor_for(coming.user))
    if wait is None:
        return enter(request, coming.user, coming.wanted)
    if not wait:
        said = _("This code is wrong or over. Please look for the next one.")
        return render(request, "accounts/second_factor.html", {"error": said}, status=422)
    said = _("Too many failed tries. Please wait a quarter of an hour.")
    response = render(request, "accounts/second_factor.html", {"error": said}, status=429)
    response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return response


@never_cache
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Show the key of a new second factor, this once (开始设置)."""
    owner = _owner(request)
    if owner is None:
        return redirect("sign-in")
    begun = actions.begin_factor(owner.user.pk, actor=queries.actor_for(owner.user))
    return render(request, "accounts/factor_begun.html", {"begun": begun})


@sensitive_post_parameters("code")
@never_cache
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the first code as proof, and show ten recovery codes, this once (确认设置)."""
    owner = _owner(request)
    if owner is None:
        return redirect("sign-in")
    try:
        codes = actions.confirm_factor(owner.user.pk, request.POST.get("code", "")[:20],
                                       actor=queries.actor_for(owner.user))
    except DomainError as error:
        return render(request, "accounts/factor_begun.html", {"error": _(error.message)}, status=error.status)
    onward = "/account/" if owner.wanted is None else enter(request, owner.user, owner.wanted)
    page = render(request, "accounts/recovery_codes.html", {
        "codes": codes, "onward": onward if isinstance(onward, str) else onward["Location"]})
    if not isinstance(onward, str):
        page.cookies.update(onward.cookies)
    return page


def _owner(request: HttpRequest) -> Owner | None:
    if request.user.is_authenticated:
        return Owner(request.user, None)
    coming = halfway.who(request)
    if coming is None or coming.user.one_time_until is not None or queries.has_factor(coming.user.pk):
        return None
    return Owner(coming.user, coming.wanted)
