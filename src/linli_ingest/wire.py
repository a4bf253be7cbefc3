"""The NATS protocol, spoken raw (NATS 线路): one socket, one buffer, frames cut out of it."""

import json
import select
import socket
import ssl
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

CHUNK: Final = 1 << 20
PATIENCE_S: Final = 5.0


class LineLost(Exception):
    """The message server is gone, silent, or refuses us."""


class Frame(NamedTuple):
    """One delivered message; `head` holds its headers, empty if it has none."""

    subject: bytes
    sid: bytes
    reply: bytes
    head: bytes
    body: bytes


class Wire:
    """A connection to a NATS server.

    Raises: LineLost from every method, when the line is no longer any good.
    """

    def __init__(self, url: str) -> None:
        self._rest = b""
        parts = urlsplit(url)
        try:
            self._socket = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 4222), PATIENCE_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise LineLost(f"no message server: {error}") from error
        try:
            self._greet(parts.scheme == "tls", parts.hostname or "", _login(parts.username, parts.password))
        except OSError as error:
            self.close()
            raise LineLost(f"no message server: {error}") from error
        except LineLost:
            self.close()
            raise

    def _greet(self, encrypted: bool, host: str, login: dict[str, str]) -> None:
        while b"\r\n" not in self._rest:
            self._rest += self._some()
        _, _, self._rest = self._rest.partition(b"\r\n")
        if encrypted:
            self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=host)
        options = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True,
                   "protocol": 1, "lang": "python", "version": "1", "name": "linli_ingest", **login}  # fmt: skip
        self.send(b"CONNECT %s\r\nPING\r\n" % json.dumps(options).encode())
        while b"PONG\r\n" not in self._rest:
            if b"-ERR" in self._rest:
                raise LineLost(self._rest.decode("utf-8", "replace").strip())
            self._rest += self._some()

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Write all of `data`."""
        try:
            self._socket.settimeout(PATIENCE_S)
            self._socket.sendall(data)
        except OSError as error:
            raise LineLost(f"message server gone: {error}") from error

    def publish(self, subject: str, body: bytes, reply: str = "") -> None:
        """Send one core message."""
        self.send(b"PUB %s %d\r\n%s\r\n" % (" ".join(filter(None, (subject, reply))).encode(), len(body), body))

    def has_more(self, wait_s: float) -> bool:
        """Return whether something can be read, waiting up to `wait_s` for it."""
        ready, _, _ = select.select([self._socket], [], [], wait_s)
        return bool(ready)

    def frames(self, wait_s: float) -> list[Frame]:
        """Return what has arrived whole, waiting up to `wait_s` for the first byte (收帧)."""
        if self.has_more(wait_s):
            self._rest += self._some()
        return list(self._cut())

    def _some(self) -> bytes:
        try:
            data = self._socket.recv(CHUNK)
        except OSError as error:
            raise LineLost(f"message server gone: {error}") from error
        if not data:
            raise LineLost("message server closed the line")
        return data

    def _cut(self) -> Iterator[Frame]:
        data, at = self._rest, 0
        while (end := data.find(b"\r\n", at)) >= 0:
            words = data[at:end].split(b" ")
            if words[0] == b"MSG" or words[0] == b"HMSG":
                start, size = end + 2, int(words[-1])
                if start + size + 2 > len(data):
                    break
                split = start + (int(words[-2]) if words[0] == b"HMSG" else 0)
                reply = words[3] if len(words) == (6 if words[0] == b"HMSG" else 5) else b""
                yield Frame(words[1], words[2], reply, data[start:split], data[split : start + size])
                at = start + size + 2
            else:
                self._heed(data[at:end])
                at = end + 2
        self._rest = data[at:]

    def _heed(self, line: bytes) -> None:
        if line.startswith(b"PING"):
            self.send(b"PONG\r\n")
        elif line.startswith(b"-ERR"):
            raise LineLost(line.decode("utf-8", "replace"))


def _login(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    if password is None:
        return {"auth_token": unquote(user)}
    return {"user": unquote(user), "pass": unquote(password)}


def status_of(frame: Frame) -> tuple[int, dict[str, str]] | None:
    """Return the status code and headers of a frame that is no message, None for a message (状态帧)."""
    if not frame.head.startswith(b"NATS/1.0 "):
        return None
    first, *others = frame.head.decode("utf-8", "replace").split("\r\n")
    code = first[9:12]
    pairs = (line.partition(":") for line in others if ":" in line)
    return (int(code) if code.isdigit() else 0), {name: value.strip() for name, _, value in pairs}


def read_json(body: bytes) -> dict[str, Any]:
    """Return an API answer's object; raise LineLost if it is none."""
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise LineLost("unreadable answer of the message server") from error
    if not isinstance(answer, dict):
        raise LineLost("unreadable answer of the message server")
    return answer
