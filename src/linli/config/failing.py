"""What is answered when something of ours fails (服务故障): a fault, or a database that is away for a moment."""

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

AGAIN_IN_S: Final = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 503 with the time to ask again where the database could not be asked, 500 for every other fault."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if is_away else 500
    if request.path.startswith("/api/"):
        code = "service.away" if is_away else "service.fault"
        answer: HttpResponse = JsonResponse({"code": code, "message": "", "field": None, "params": {}}, status=status)
    else:
        answer = HttpResponse(render_to_string("500.html", {"is_away": is_away}), status=status)
    if is_away:
        answer.headers["Retry-After"] = str(AGAIN_IN_S)
    return answer
