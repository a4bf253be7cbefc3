"""A connection that leads only where a webhook may go (出网防护): to the very address that was judged."""

import http.client
import socket
import ssl
import threading
from collections.abc import Collection
from typing import Final

from linli.kernel.errors import Invalid
from linli.notices.domain import inside

ANSWER_BYTES: Final = 64 * 1024


def resolve(host: str, port: int, allowed: Collection[inside.Network]) -> str:
    """Return the address to connect to.

    Raises: Invalid if any address of this name is not public, so that a name with two faces leads nowhere;
        OSError if it has none.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(inside.is_public(address, allowed) for address in found):
        raise Invalid("notices.webhook_inside", "This address is not on the public internet. Linli does not go there.",
                      field="webhook")
    return found[0]


def post(url: str, body: bytes, headers: dict[str, str], *, allowed: Collection[inside.Network],
         ports: frozenset[int], within_s: float, context: ssl.SSLContext | None = None) -> int:
    """Post once and return the status; nothing is followed, kept or answered.

    Raises: Invalid for an address that may not be reached; OSError, http.client.HTTPException otherwise.
    """
    scheme, host, port, path = inside.split(url, ports)
    address = resolve(host, port, allowed)
    connection = _Pinned(host, port, address, within_s, (context or ssl.create_default_context())
                         if scheme == "https" else None)
    watch = threading.Timer(within_s, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read(ANSWER_BYTES)
        return answer.status
    finally:
        watch.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to one judged address, whatever the name says a moment later; the name is checked in TLS."""

    def __init__(self, host: str, port: int, address: str, timeout_s: float, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=timeout_s)
        self.address = address
        self.context = context
        self.default_port = 443 if context else 80

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.context:
            self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End a connection that takes too long as a whole, however busy it is."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
