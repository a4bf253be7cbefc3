"""The counter where devices beside the gateway hand in (本地收件口): HTTP, answered once the message is on disk."""

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_WR
from sqlite3 import Error
from typing import Any, Final, Protocol
from urllib.parse import unquote

from linli_edge.sender import NotStored

LARGEST_BODY: Final = 1 << 20  # bytes
PATIENCE_S: Final = 30.0
PARTING_S: Final = 5.0
EARLIEST: Final = 946_684_800  # the year 2000: an earlier clock was never set
PATH: Final = re.compile(r"/d/([^/?]+)/t")


class Takes(Protocol):
    """What keeps the messages of one device, all or none."""

    def __call__(self, device: str, bodies: list[dict[str, Any]]) -> None: ...


class Refused(Exception):
    """What was handed in was not kept.

    Args:
        status: of the answer.
        said: why, in words.
    """

    def __init__(self, status: HTTPStatus, said: str) -> None:
        super().__init__(said)
        self.status = status


class Counter(ThreadingHTTPServer):
    """Takes `POST /d/<device>/t`, and tells on `GET /status` how the gateway stands.

    Args:
        take: keeps messages, or raises.
        tell: returns the present state as plain values.
    Raises: OSError if the address cannot be taken.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], take: Takes, tell: Callable[[], Mapping[str, Any]]) -> None:
        super().__init__(address, _Visit)
        self.take, self.tell = take, tell


class _Visit(BaseHTTPRequestHandler):
    """One connection of a device."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_S
    server: Counter

    def do_POST(self) -> None:
        try:
            device = self._device()
            bodies = messages(self._body(), time.time())
            keep(self.server.take, device, bodies)
        except Refused as refused:
            self._answer(refused.status, {"kept": 0, "said": str(refused)})
        else:
            self._answer(HTTPStatus.OK, {"kept": len(bodies)})

    def do_GET(self) -> None:
        if self.path == "/status":
            self._answer(HTTPStatus.OK, self.server.tell())
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"said": "GET /status, or POST /d/<device>/t"})

    def finish(self) -> None:
        """Hear the device out, unheeded: a connection closed over unread bytes is reset, and its answer lost."""
        super().finish()
        until = time.monotonic() + PARTING_S
        with suppress(OSError):
            self.connection.shutdown(SHUT_WR)
            while (left := until - time.monotonic()) > 0:
                self.connection.settimeout(left)
                if not self.connection.recv(1 << 16):
                    break

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """A line for each message would fill a small disk."""

    def _device(self) -> str:
        if self.headers.get("Origin"):
            raise Refused(HTTPStatus.FORBIDDEN, "devices hand in here, not pages of other sites")
        found = PATH.fullmatch(self.path)
        if found is None:
            raise Refused(HTTPStatus.NOT_FOUND, "hand in at /d/<device>/t")
        return unquote(found[1])

    def _body(self) -> bytes:
        stated = self.headers.get("Content-Length", "")
        if not stated.isdecimal():
            self.close_connection = True
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "say the length of the body (Content-Length)")
        if int(stated) > LARGEST_BODY:
            self.close_connection = True
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {LARGEST_BODY} bytes at a time")
        return self.rfile.read(int(stated))

    def _answer(self, status: HTTPStatus, told: Mapping[str, Any]) -> None:
        if status >= HTTPStatus.BAD_REQUEST:
            self.close_connection = True  # a body that was refused unread must not be read as the next request
        body = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def keep(take: Takes, device: str, bodies: list[dict[str, Any]]) -> None:
    """Keep messages, or say why not (留存).

    Raises: Refused.
    """
    try:
        take(device, bodies)
    except ValueError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    except (NotStored, Error) as error:
        raise Refused(HTTPStatus.INSUFFICIENT_STORAGE, f"not kept, hand it in again later: {error}") from error


def messages(body: bytes, now: float) -> list[dict[str, Any]]:
    """Return the messages of a body, each with its time (拆出报文).

    What bears no time gets this machine's, for it may be days until it arrives; a clock that was never set gives none.

    Args:
        body: a JSON object, or an array of objects.
        now: epoch seconds.
    Raises: Refused.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"not JSON: {error}") from error
    listed = found if isinstance(found, list) else [found]
    if not listed or not all(isinstance(one, dict) for one in listed):
        raise Refused(HTTPStatus.BAD_REQUEST, "a JSON object, or an array of objects")
    return [one if "ts" in one or now < EARLIEST else {"ts": round(now, 3), **one} for one in listed]
