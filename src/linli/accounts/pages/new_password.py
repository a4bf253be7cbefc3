from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from linli.accounts import actions, queries
from linli.accounts.domain.password import LONGEST
from linli.accounts.pages import halfway
from linli.accounts.pages.entering import go_on
from linli.kernel.errors import Invalid


@sensitive_post_parameters("new", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Let who came with a one-time password choose their own (首次设密), and then in."""
    coming = halfway.who(request)
    if coming is None or coming.user.one_time_until is None:
        return redirect("sign-in")
    if request.method != "POST":
        return _form(request)
    if request.POST.get("new", "") != request.POST.get("again", ""):
        return _form(request, error=_("The two new passwords differ."), field="again")
    try:
        user = actions.change_password(coming.user.pk, request.POST.get("new", ""),
                                       actor=queries.actor_for(coming.user))
    except Invalid as error:
        return _form(request, error=_(error.message).format(**error.params), field="new")
    return go_on(request, user, coming.wanted)


def _form(request: HttpRequest, *, error: str = "", field: str = "") -> HttpResponse:
    page = {"error": error, "wrong": field, "rules": queries.rules(), "longest": LONGEST}
    return render(request, "accounts/new_password.html", page, status=422 if error else 200)
