"""The administrator's pages (账号管理): which accounts there are, one of them, and what is done with it."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.accounts import actions, policy, queries
from linli.accounts.actions import Handed
from linli.accounts.models import User
from linli.accounts.pages.forms import AccountForm, PostForm
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError, NotFound, NotPermitted

ROWS: Final = 50
Deed = Callable[..., Handed | None]


@never_cache
@login_required
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts that this operator looks after (账号一览); `?q=` those whose name or post holds it."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = queries.accounts_overseen(policy.visible_accounts(request.actor), text)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "accounts/accounts.html", {
        "lines": queries.described(page.object_list), "page": page, "text": text, "now": clock.now(),
        "keep": urlencode({"q": text})})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make an account with its first post (新建账号); its one-time password is shown once."""
    policy.administered(request.actor)
    if request.method != "POST":
        return _new(request, AccountForm(actor=request.actor))
    form = AccountForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _new(request, form, status=422)
    given = form.cleaned_data
    try:
        handed = actions.create_account(given["username"], given["name"], [form.as_post()], actor=request.actor)
    except DomainError as error:
        form.add_error(_field(form, error), _said(error))
        return _new(request, form, status=error.status)
    return _show(request, _seen(request, handed.user_id), handed=handed)


@never_cache
@login_required
@require_safe
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show one account: its posts, its last sign-in, whether it waits, and what can be done."""
    return _show(request, _seen(request, account_id))


@never_cache
@login_required
@require_POST
def grant(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give the account one more post (授予岗位)."""
    user = _seen(request, account_id)
    form = PostForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _show(request, user, form=form, status=422)
    try:
        actions.grant_post(user.pk, form.as_post(), actor=request.actor)
    except DomainError as error:
        form.add_error(_field(form, error), _said(error))
        return _show(request, user, form=form, status=error.status)
    return redirect("account-of", user.pk)


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, account_id: int, post_id: int) -> HttpResponse:
    """End one post of the account (收回岗位)."""
    return _do(request, account_id, lambda user_id, *, actor: actions.withdraw_post(user_id, post_id, actor=actor))


@never_cache
@login_required
@require_POST
def reset(request: HttpRequest, account_id: int) -> HttpResponse:
    """Put a one-time password in the place of the account's own (重置密码), and show it once."""
    return _do(request, account_id, actions.reset_account)


@never_cache
@login_required
@require_POST
def reset_factor(request: HttpRequest, account_id: int) -> HttpResponse:
    """End the second factor of somebody who lost phone and codes (重置动态口令)."""
    return _do(request, account_id, actions.reset_factor)


@never_cache
@login_required
@require_POST
def unlock(request: HttpRequest, account_id: int) -> HttpResponse:
    """Let the account try again at once (解除锁定)."""
    return _do(request, account_id, actions.unlock_account)


@never_cache
@login_required
@require_POST
def close(request: HttpRequest, account_id: int) -> HttpResponse:
    """End the account and all its sessions (停用账号)."""
    return _do(request, account_id, actions.close_account)


@never_cache
@login_required
@require_POST
def reopen(request: HttpRequest, account_id: int) -> HttpResponse:
    """Open a closed account again (恢复账号), with a one-time password that is shown once."""
    return _do(request, account_id, actions.reopen_account)


def _do(request: HttpRequest, account_id: int, deed: Deed) -> HttpResponse:
    user = _seen(request, account_id)
    try:
        handed = deed(user.pk, actor=request.actor)
    except (NotPermitted, NotFound):
        raise
    except DomainError as error:
        return _show(request, user, error=_said(error), status=error.status)
    if handed is not None:
        return _show(request, _seen(request, account_id), handed=handed)
    return redirect("account-of", user.pk) if _is_seen(request.actor, user.pk) else redirect("accounts")


def _seen(request: HttpRequest, account_id: int) -> User:
    user = policy.visible_accounts(request.actor).filter(pk=account_id).first()
    if user is None:
        raise NotFound("accounts.no_such_account", "There is no such account.")
    return user


def _is_seen(actor: Actor, account_id: int) -> bool:
    return policy.visible_accounts(actor).filter(pk=account_id).exists()


def _said(error: DomainError) -> str:
    return _(error.message).format(**error.params)


def _field(form: PostForm, error: DomainError) -> str | None:
    return str(error.params["field"]) if error.params.get("field") in form.fields else None


def _new(request: HttpRequest, form: AccountForm, *, status: int = 200) -> HttpResponse:
    return render(request, "accounts/new_account.html", {"form": form}, status=status)


def _show(request: HttpRequest, user: User, *, form: PostForm | None = None, handed: Handed | None = None,
          error: str = "", status: int = 200) -> HttpResponse:
    page: dict[str, Any] = {
        "one": queries.described([user])[0], "form": form or PostForm(actor=request.actor), "handed": handed,
        "error": error, "now": clock.now(), "is_over": policy.is_over(request.actor, user.pk)}
    return render(request, "accounts/of_one.html", page, status=status)
