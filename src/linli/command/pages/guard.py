"""Who may come in (看板入口)."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.command import policy

View = Callable[..., HttpResponse]


def watching(view: View) -> View:
    """Let only posts that watch the board read `view`; a stranger is sent to sign in, also out of a part's request."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        policy.require_watching(request.actor)
        return view(request, *args, **kwargs)

    return never_cache(require_GET(guarded))


def is_part(request: HttpRequest) -> bool:
    """Return whether the page asks for a part of itself."""
    return request.headers.get("HX-Request") == "true"


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if is_part(request):
        address = f"{resolve_url(settings.LOGIN_URL)}?next={quote('/command/')}"
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect_to_login(request.get_full_path())
