"""The API (接口), `/api/v1/`: every room's router under one roof, one answer to every refusal."""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import APIKeyCookie

from linli.alerts.api import router as alerts
from linli.areas.api import router as areas
from linli.assets.api import router as assets
from linli.cases.api import router as cases
from linli.command.api import router as board
from linli.config.middleware import refusal
from linli.kernel.errors import DomainError, Invalid, NotFound, NotPermitted
from linli.organisations.api import router as organisations
from linli.sensing.api import router as sensing


class SignedIn(APIKeyCookie):
    """Somebody who signed in, by the session's cookie, with the CSRF token on writes (已登录)."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> object | None:
        return None if isinstance(request.user, AnonymousUser) else request.user


REFUSAL: Final = {
    "title": "Refusal", "type": "object", "required": ["code", "message", "field", "params"],
    "description": "Why not (拒绝原因): `code` is stable, `message` is in the reader's language.",
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "field": {"type": "string"},
                   "params": {"type": "object", "additionalProperties": {"type": "string"}}},
}
REFUSED: Final = {"description": "Refused", "content": {
    "application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}}


class NotSignedIn(DomainError):
    """Nobody is signed in, and somebody has to be."""

    status = 401


class LinliAPI(NinjaAPI):
    """Ninja's API, with the one shape of every refusal in its description (接口描述)."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        described = super().get_openapi_schema(**given)
        described["components"]["schemas"]["Refusal"] = REFUSAL
        for operations in described["paths"].values():
            for operation in operations.values():
                operation["responses"]["4XX"] = REFUSED
        return described


api = LinliAPI(title="Linli 邻里", version="1", urls_namespace="api", auth=SignedIn(csrf=True), docs_url="/docs",
               docs_decorator=require_safe)
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


@api.exception_handler(AuthenticationError)
def ask_to_sign_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer whoever is not signed in."""
    return refusal(request, NotSignedIn("api.sign_in", "Please sign in first."))


@api.exception_handler(ValidationError)
def refuse_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer what does not fit the description, naming the first thing that does not."""
    first = error.errors[0]
    field = ".".join(str(part) for part in first.get("loc", ())[1:])
    return refusal(request, Invalid("api.invalid", "This does not fit: {why}", field=field, why=first.get("msg", "")))


@api.exception_handler(Http404)
def refuse_unknown(request: HttpRequest, error: Http404) -> HttpResponse:
    """Answer for what is not there."""
    return refusal(request, NotFound("api.not_found", "There is no such thing."))


@api.exception_handler(HttpError)
def refuse_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what could not even be read, such as a body that is no JSON."""
    if error.status_code == 403:
        return refusal(request, NotPermitted("csrf.missing", "Writes with a session need its X-CSRFToken header."))
    return refusal(request, Invalid("api.unreadable", "This request cannot be read."))
