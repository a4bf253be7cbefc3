from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.command import policy
from linli.command.domain.sight import live_scope
from linli.kernel import token
from linli.kernel.listening import listener

LIFETIME_S: Final = 60


@never_cache
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Send a browser on to the live feed (转接推送) with a token that holds what its posts may hear, for a minute."""
    policy.require_live(request.actor)
    key = settings.SECRET_KEY.encode()
    scope = {**live_scope(request.actor).as_payload(), "who": listener(request.actor.ref, key=key)}
    signed = token.sign(scope, key=key, lifetime_s=LIFETIME_S)
    return HttpResponse(status=307, headers={
        "Location": f"{settings.LINLI_LIVE_URL.rstrip('/')}/live?token={quote(signed, safe='')}",
        "Referrer-Policy": "no-referrer",
    })
