"""The API (接口), `/api/v1/`: every room's router under one roof, one answer to every refusal."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import APIKeyCookie

from linli.alerts.api import router as alerts
from linli.areas.api import router as areas
from linli.assets.api import router as assets
from linli.cases.api import router as cases
from linli.command.api import router as board
from linli.config.middleware import refusal
from linli.kernel.errors import DomainError
from linli.organisations.api import router as organisations
from linli.sensing.api import router as sensing


class SignedIn(APIKeyCookie):
    """Somebody who signed in, by the session's cookie, with the CSRF token on writes (已登录)."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> object | None:
        return None if isinstance(request.user, AnonymousUser) else request.user


api = NinjaAPI(title="Linli 邻里", version="1", urls_namespace="api", auth=SignedIn(csrf=True), docs_url="/docs")
api.add_router("/areas", areas)
api.add_router("/units", organisations)
api.add_router("/components", assets)
api.add_router("", cases)
api.add_router("/alerts", alerts)
api.add_router("/board", board)
api.add_router("", sensing)


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a refusal with its stable code."""
    return refusal(request, error)
