"""A reader's own look of the pages (阅读设置): theme, letter size, language, key letters; kept in cookies."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from linli.kernel.errors import Invalid

YEAR_S: Final = 365 * 24 * 3600
COOKIES: Final = {"theme": "linli_theme", "mode": "linli_mode", "letters": "linli_letters"}
CHOICES: Final = {"theme": ("system", "light", "dark"), "mode": ("normal", "elder"), "letters": ("on", "off")}


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show the choices, or keep those sent and go back to where they were made."""
    if request.method == "GET":
        return render(request, "web/preferences.html", {"back": _back(request, request.GET.get("next", ""))})
    quiet = request.headers.get("Accept") == "application/json"
    response = HttpResponse(status=204) if quiet else redirect(_back(request, request.POST.get("next", "")))
    for name, value in _chosen(request).items():
        response.set_cookie(name, value, max_age=YEAR_S, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


def _chosen(request: HttpRequest) -> dict[str, str]:
    """Return cookie names and values of what was sent, all of it known."""
    allowed = {**CHOICES, "language": tuple(code for code, _name in settings.LANGUAGES)}
    cookies = {**COOKIES, "language": settings.LANGUAGE_COOKIE_NAME}
    sent = {name: request.POST[name] for name in allowed if name in request.POST}
    for name, value in sent.items():
        if value not in allowed[name]:
            raise Invalid("web.unknown_preference", "There is no such choice.", field=name)
    return {cookies[name]: value for name, value in sent.items()}


def _back(request: HttpRequest, wanted: str) -> str:
    """Return `wanted` if it lies on this server, else the first page."""
    here = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()) else "/"
