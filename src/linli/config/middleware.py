"""What stands round every request (请求外围): rates and sizes, the actor and the one scoped transaction, errors."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from linli.accounts import actions as accounts_actions
from linli.accounts import queries as accounts
from linli.audit import actions as audit
from linli.config.limits import ELSE, RATES, Rate
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS
from linli.kernel.errors import DomainError, NotPermitted, TooLarge, TooMany
from linli.metrics import actions as metrics

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
UNATTENDED: Final = "X-Linli-Unattended"


class Limits:
    """Refuse what comes too often or is too large (频率与大小), before any transaction of the request is open."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE:
            return self.get_response(request)
        route = _route(request)
        rate = RATES.get(route, ELSE)
        if _size(request) > rate.size:
            return refusal(request, TooLarge("size.too_large", "More than {most} MB are not taken in one piece.",
                                             most=max(1, rate.size // 2**20)))
        if route and _exceeds(request, route, rate):
            return _too_many(request, rate)
        return self.get_response(request)


class Acting:
    """Give the request its actor and run it in that actor's scoped transaction (以其身份办事)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _route(request) in {"healthz", "readyz", "metrics"}:
            return self.get_response(request)
        request.actor = accounts.actor_for(request.user) if request.user.is_authenticated else ANONYMOUS
        request.is_refused = False
        with audit.acting(request.actor):
            if request.user.is_authenticated and _is_attended(request):
                accounts_actions.note_use(request.session)
            response = self.get_response(request)
            if request.is_refused or (request.path.startswith("/api/") and response.status_code >= 400):
                transaction.set_rollback(True)
            return response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Demand the CSRF token on every write to the API that comes with a session, whoever else may write there."""
        if request.path.startswith("/api/") and request.method not in SAFE and request.user.is_authenticated \
                and check_csrf(request) is not None:
            request.is_refused = True
            return refusal(request, NotPermitted("csrf.missing", "Writes with a session need its X-CSRFToken header."))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal into its answer; what the request wrote is taken back once the answer is made."""
        request.is_refused = True
        return refusal(request, error) if isinstance(error, DomainError) else None


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the page or the JSON that says why not, in the reader's language."""
    said = explain(error)
    if request.path.startswith("/api/"):
        return JsonResponse(said, status=error.status)
    return render(request, "web/error.html", {"error": said, "status": error.status}, status=error.status)


def explain(error: DomainError) -> dict[str, Any]:
    """Return a refusal as data, its text in the reader's language (错误说明)."""
    return {"code": error.code, "message": _(error.message).format(**error.params), "field": error.field,
            "params": {name: str(value) for name, value in error.params.items()}}


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Give every page its reader: the post's name, and whether this is the demo."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {"demo": settings.LINLI_DEMO, "actor": getattr(request, "actor", ANONYMOUS),
            "post_name": accounts.post_name(user) if signed_in else ""}


def _exceeds(request: HttpRequest, route: str, rate: Rate) -> bool:
    """Count the write for its person, then for its crowd; who is over their own limit does not use up the crowd's."""
    person = f"user:{request.user.pk}" if request.user.is_authenticated else request.session.session_key
    key = settings.SECRET_KEY.encode()
    if person and metrics.count(route, f"person:{person}", window_s=rate.window_s, key=key) > rate.person:
        return True
    crowd = request.META.get("REMOTE_ADDR", "")
    return metrics.count(route, f"crowd:{crowd}", window_s=rate.window_s, key=key) > rate.crowd


def _too_many(request: HttpRequest, rate: Rate) -> HttpResponse:
    left_s = rate.window_s - int(clock.now().timestamp()) % rate.window_s
    response = refusal(request, TooMany("rate.too_many", "Too many at once. Please try again in {minutes} minutes.",
                                        minutes=-(-left_s // 60)))
    response.headers["Retry-After"] = str(left_s)
    return response


def _size(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _is_attended(request: HttpRequest) -> bool:
    """Return whether somebody is at the page; what a page asks by itself does not count, a wall is watched."""
    if request.path.startswith("/command/"):
        return True
    return UNATTENDED not in request.headers and _route(request) != "live"


def _route(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""
