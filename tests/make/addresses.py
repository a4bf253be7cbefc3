"""Addresses that only the tests of the request's surroundings know."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from linli.audit import actions as audit
from linli.config import middleware
from linli.kernel.errors import NotPermitted


def write_then_refuse(request: HttpRequest) -> HttpResponse:
    audit.record("test.half", actor=request.actor, target="thing:1")
    raise NotPermitted("test.no", "Only the {role} may.", role="checker")


def write_then_fail(request: HttpRequest) -> HttpResponse:
    audit.record("test.half", actor=request.actor, target="thing:1")
    raise ZeroDivisionError


def write(request: HttpRequest) -> HttpResponse:
    audit.record("test.whole", actor=request.actor, target="thing:1")
    return HttpResponse(middleware.__doc__)


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the connection is lost")


handler500 = "linli.config.failing.server_error"
urlpatterns = [
    path("away", away),
    path("api/away", away),
    path("api/refuse", write_then_refuse),
    path("refuse", write_then_refuse),
    path("fail", write_then_fail),
    path("write", write, name="report"),
    path("", include("linli.config.urls")),
]
