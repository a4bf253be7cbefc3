"""What one phone remembers (本机记下的上报): the links of the reports it made, in a signed cookie and nowhere else."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE: Final = "linli_mine"
SALT: Final = "linli.cases.mine"
KEEP: Final = 20
KEEP_S: Final = 180 * 24 * 3600


def links_of(request: HttpRequest) -> list[str]:
    """Return the follow tokens this phone keeps, newest first; none if the cookie was changed or is too old."""
    kept = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEEP_S)
    return [token for token in kept.split(".") if token]


def remember(response: HttpResponse, request: HttpRequest, token: str) -> HttpResponse:
    """Let the phone keep one more link and return the response that tells it."""
    tokens = [token, *(kept for kept in links_of(request) if kept != token)][:KEEP]
    response.set_signed_cookie(COOKIE, ".".join(tokens), salt=SALT, max_age=KEEP_S, httponly=True, samesite="Lax",
                               secure=settings.SESSION_COOKIE_SECURE)
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """Let the phone forget its links; the reports stay, their links work as before."""
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
