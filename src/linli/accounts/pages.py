from typing import Any, Final

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.accounts import queries
from linli.accounts.actions import DEMO_PASSWORD
from linli.accounts.models import User
from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.kernel.role import Role

LONGEST_NAME: Final = 60
LONGEST_PASSWORD: Final = 256
COMMANDING: Final = frozenset({Role.STREET, Role.DISTRICT, Role.OPERATOR})
AT_A_DESK: Final = frozenset(Role) - COMMANDING - {Role.RESIDENT}


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in by name and password (登录); afterwards to where they wanted to go, if that is ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if request.method != "POST":
        return _door(request, wanted)
    name = request.POST.get("username", "").strip()
    user = _known(request, name, request.POST.get("password", ""))
    if user is None:
        _record_refusal(request, name)
        return _door(request, wanted, name=name, error=_("Name or password is wrong. Please check both."), status=422)
    auth.login(request, user)
    actor = queries.actor_for(user)
    audit.record("accounts.sign_in", actor=actor, target=f"user:{user.pk}")
    return redirect(wanted if _is_ours(request, wanted) else _place_of_work(actor))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who this was (退出), with everything the session held."""
    if request.user.is_authenticated:
        audit.record("accounts.sign_out", actor=request.actor, target=f"user:{request.user.pk}")
    auth.logout(request)
    return redirect("/")


def _known(request: HttpRequest, name: str, password: str) -> User | None:
    if "\x00" in name or len(name) > LONGEST_NAME or len(password) > LONGEST_PASSWORD:
        return None
    return auth.authenticate(request, username=name, password=password)


def _record_refusal(request: HttpRequest, name: str) -> None:
    """Write down that somebody was refused; what they typed may be a password, so only a known account is named."""
    known = None if "\x00" in name else User.objects.filter(username=name).values_list("pk", flat=True).first()
    audit.record("accounts.sign_in_refused", actor=request.actor, target=f"user:{known or 'unknown'}")


def _door(request: HttpRequest, wanted: str, *, name: str = "", error: str = "", status: int = 200) -> HttpResponse:
    page: dict[str, Any] = {"name": name, "error": error, "next": wanted if _is_ours(request, wanted) else ""}
    if settings.LINLI_DEMO:
        page |= {"demo_accounts": queries.demo_accounts(), "demo_password": DEMO_PASSWORD}
    return render(request, "accounts/sign_in.html", page, status=status)


def _is_ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def _place_of_work(actor: Actor) -> str:
    roles = {post.role for post in actor.posts}
    if roles & AT_A_DESK:
        return "/desk/"
    return "/command/" if roles & COMMANDING else "/"
