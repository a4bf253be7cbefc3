"""What stands round every request (请求外围): headers, rates, the actor and the one scoped transaction, errors."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from linli.accounts import queries as accounts
from linli.audit import actions as audit
from linli.config.limits import RATES
from linli.kernel.actor import ANONYMOUS
from linli.kernel.errors import DomainError, TooMany
from linli.metrics import actions as metrics

GetResponse = Callable[[HttpRequest], HttpResponse]


def security_headers(get_response: GetResponse) -> GetResponse:
    """Let pages load only what Linli itself serves (内容安全策略)."""
    live = urlsplit(settings.LINLI_LIVE_URL)
    policy = "; ".join([
        "default-src 'self'",
        "img-src 'self' data: blob:",
        f"connect-src 'self' {live.scheme}://{live.netloc}",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ])

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        return response

    return respond


class RateLimits:
    """Refuse what comes too often (频率限制), before any transaction of the request is open."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        rate = RATES.get(_route(request)) if request.method == "POST" else None
        if rate and metrics.count(_route(request), request.META.get("REMOTE_ADDR", ""), window_s=rate.window_s,
                                  key=settings.SECRET_KEY.encode()) > rate.limit:
            return refusal(request, TooMany("rate.too_many", "Too many at once. Please try again in {minutes} minutes.",
                                            minutes=max(1, rate.window_s // 60)))
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
            response = self.get_response(request)
            if request.is_refused or (request.path.startswith("/api/") and response.status_code >= 400):
                transaction.set_rollback(True)
            return response

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


def _route(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""
