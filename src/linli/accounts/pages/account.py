from django.contrib import auth
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.accounts import actions, queries
from linli.accounts.domain.password import LONGEST
from linli.accounts.pages import browser
from linli.kernel import clock
from linli.kernel.errors import Invalid, NotAllowedNow


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show where somebody is signed in (我的会话): kind of device, since when, when last used."""
    return _account(request)


@never_cache
@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this one (结束会话)."""
    if mark := request.POST.get("session", ""):
        actions.end_session(request.user.pk, mark, actor=request.actor)
    else:
        actions.end_others(request.user.pk, request.session.session_key, actor=request.actor)
    return redirect("account")


@sensitive_post_parameters("old", "new", "again")
@never_cache
@login_required
@require_http_methods(["POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Take another password from who knows the present one (修改密码); every other session ends."""
    if request.POST.get("new", "") != request.POST.get("again", ""):
        return _account(request, error=_("The two new passwords differ."), field="again", status=422)
    if refused := _unproven(request, "old"):
        return refused
    try:
        user = actions.change_password(request.user.pk, request.POST.get("new", ""), actor=request.actor)
    except Invalid as error:
        return _account(request, error=_(error.message).format(**error.params), field="new", status=422)
    auth.update_session_auth_hash(request, user)
    actions.end_others(user.pk, request.session.session_key, actor=request.actor)
    return _account(request, changed=True)


@sensitive_post_parameters("password")
@never_cache
@login_required
@require_POST
def drop_factor(request: HttpRequest) -> HttpResponse:
    """End one's own second factor, proven by the password (停用动态口令)."""
    if refused := _unproven(request, "password"):
        return refused
    try:
        actions.drop_factor(request.user.pk, actor=request.actor)
    except NotAllowedNow as error:
        return _account(request, error=_(error.message), field="password", status=409)
    return redirect("account")


def _unproven(request: HttpRequest, field: str) -> HttpResponse | None:
    """Return the refusal if the present password, which stands in `field`, was not given."""
    tried = actions.attempt(request.user.get_username(), request.POST.get(field, ""), actor=request.actor,
                            address=request.META.get("REMOTE_ADDR", ""), browsers=browser.known_to(request))
    if tried.user is None:
        said = _("Too many failed tries. Please wait a quarter of an hour.") if tried.wait else _(
            "The present password is wrong.")
        return _account(request, error=said, field=field, status=429 if tried.wait else 422)
    return None


def _account(request: HttpRequest, *, error: str = "", field: str = "", changed: bool = False,
             status: int = 200) -> HttpResponse:
    page = {"sessions": queries.sessions_of(request.user, request.session.session_key), "now": clock.now(),
            "error": error, "wrong": field, "changed": changed, "rules": queries.rules(), "longest": LONGEST,
            "has_factor": queries.has_factor(request.user.pk), "must_factor": queries.must_have_factor(request.user.pk)}
    return render(request, "accounts/account.html", page, status=status)
