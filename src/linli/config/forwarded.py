"""What a reverse proxy says of a request (反向代理): believed only from the addresses that `LINLI_PROXIES` names."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from linli.kernel.address import client_address, is_trusted, networks

GetResponse = Callable[[HttpRequest], HttpResponse]
SAID_BY_PROXIES = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP",
                   "HTTP_FORWARDED")


def forwarded(get_response: GetResponse) -> GetResponse:
    """Put the client's own address and scheme in place of the proxy's, and forget what anybody else claims."""
    trusted = networks(settings.LINLI_PROXIES)

    def respond(request: HttpRequest) -> HttpResponse:
        said = {name: request.META.pop(name, "") for name in SAID_BY_PROXIES}
        peer = request.META.get("REMOTE_ADDR", "")
        if is_trusted(peer, trusted):
            request.META["REMOTE_ADDR"] = client_address(peer, said["HTTP_X_FORWARDED_FOR"], trusted)
            if said["HTTP_X_FORWARDED_PROTO"] in {"http", "https"}:
                request.META["wsgi.url_scheme"] = said["HTTP_X_FORWARDED_PROTO"]
                request.environ["wsgi.url_scheme"] = said["HTTP_X_FORWARDED_PROTO"]
        return get_response(request)

    return respond
