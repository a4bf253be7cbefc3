"""The secret that a browser is given once an account has signed in there (已知浏览器)."""

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT: Final = "accounts.known"
DAYS: Final = 180
ACCOUNTS_AT_MOST: Final = 8


def known_to(request: HttpRequest) -> dict[int, str]:
    """Return the accounts known to this browser with their secrets; none if the cookie is not ours or too old."""
    try:
        kept = signing.loads(request.COOKIES.get(settings.LINLI_KNOWN_COOKIE, ""), salt=SALT, max_age=DAYS * 86400)
    except signing.BadSignature:
        return {}
    return {int(user): str(secret) for user, secret in kept.items()}


def remember(request: HttpRequest, response: HttpResponse, user_id: int) -> None:
    """Let the browser know this account from now on (记住浏览器), the latest eight accounts at most."""
    kept = {known: secret for known, secret in known_to(request).items() if known != user_id}
    latest = [*kept.items(), (user_id, known_to(request).get(user_id) or secrets.token_urlsafe(12))]
    response.set_cookie(settings.LINLI_KNOWN_COOKIE, signing.dumps(dict(latest[-ACCOUNTS_AT_MOST:]), salt=SALT),
                        max_age=DAYS * 86400, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
