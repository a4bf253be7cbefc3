"""Headers that keep a browser from doing what Linli never asks of it (安全响应头)."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
FEATURES: Final = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), browsing-topics=()"


def content_policy(live_url: str) -> str:
    """Return the policy (内容安全策略): nothing but what Linli itself serves, no inline script or style, no frames."""
    live = urlsplit(live_url)
    return "; ".join([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        f"connect-src 'self' {live.scheme}://{live.netloc}",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ])


def security_headers(get_response: GetResponse) -> GetResponse:
    """Put the policy and its kin on every answer; referrer, type, opener and TLS come from Django's own middleware."""
    policy = content_policy(settings.LINLI_LIVE_URL)

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault("Permissions-Policy", FEATURES)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Frame-Options", "DENY")
        return response

    return respond
