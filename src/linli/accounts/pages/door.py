import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.accounts import actions, queries
from linli.accounts.actions import DEMO_PASSWORD
from linli.accounts.pages import browser
from linli.accounts.pages.entering import go_on, is_ours
from linli.audit import actions as audit


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in by name and password (登录); afterwards to where they wanted to go, if that is ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if request.method != "POST":
        return _door(request, wanted)
    name = request.POST.get("username", "").strip()
    tried = actions.attempt(name, request.POST.get("password", ""), address=request.META.get("REMOTE_ADDR", ""),
                            browsers=browser.known_to(request), actor=request.actor)
    if tried.wait:
        return _wait(request, wanted, name, tried.wait)
    if tried.is_stale:
        return _door(request, wanted, name=name, status=422,
                     error=_("This one-time password is over. Please ask the operator for another."))
    if tried.user is None:
        return _door(request, wanted, name=name, error=_("Name or password is wrong. Please check both."), status=422)
    return go_on(request, tried.user, wanted)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who this was (退出), with everything the session held."""
    if request.user.is_authenticated:
        actions.end_streams(request.user.pk)
        audit.record("accounts.sign_out", actor=request.actor, target=f"user:{request.user.pk}")
    auth.logout(request)
    return redirect("/")


def _wait(request: HttpRequest, wanted: str, name: str, wait: timedelta) -> HttpResponse:
    minutes = math.ceil(wait.total_seconds() / 60)
    said = _("Too many failed sign-ins. Please wait {minutes} min, or use a browser in which you have signed in"
             " before.")
    response = _door(request, wanted, name=name, error=said.format(minutes=minutes), status=429)
    response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return response


def _door(request: HttpRequest, wanted: str, *, name: str = "", error: str = "", status: int = 200) -> HttpResponse:
    page: dict[str, Any] = {"name": name, "error": error, "next": wanted if is_ours(request, wanted) else ""}
    if settings.LINLI_DEMO:
        page |= {"demo_accounts": queries.demo_accounts(), "demo_password": DEMO_PASSWORD}
    return render(request, "accounts/sign_in.html", page, status=status)
