"""The live part's entry (ASGI): `/live` streams events, `/healthz` tells that it runs (推送服务入口)."""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec

from linli.kernel.address import client_address, networks
from linli.kernel.errors import DomainError
from linli_live.hub import Hub
from linli_live.line import Line
from linli_live.scope import Scope
from linli_live.stream import stream

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
OPEN_TO_ALL: Final = [(b"access-control-allow-origin", b"*"), (b"cache-control", b"no-store")]


class Live:
    """The application; its line to the database lives as long as the process (推送应用)."""

    def __init__(self, conninfo: str, key: bytes, proxies: Sequence[str] = ()) -> None:
        self.key = key
        self.trusted = networks(proxies)
        self.hub = Hub()
        self.line = Line(conninfo, self.hub)
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._task = asyncio.create_task(self.line.keep())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self.hub.end_all()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if scope["method"] != "GET":
            await _say(send, 405, {"code": "live.only_get"})
        elif path == "/healthz":
            await _say(send, 200, {"listening": self.line.is_up, "streams": len(self.hub.listeners)})
        elif path == "/live":
            await self._open(scope, receive, send)
        else:
            await _say(send, 404, {"code": "live.not_found"})

    async def _open(self, asked: Message, receive: Receive, send: Send) -> None:
        text = parse_qs(asked["query_string"].decode("ascii", "replace")).get("token", [""])[0]
        try:
            heard = Scope.of_token(text, key=self.key)
        except DomainError as refusal:
            await _say(send, 403, {"code": refusal.code, "message": refusal.message})
            return
        headers = dict(asked.get("headers", ()))
        address = self._address(asked, headers)
        if self.hub.is_full or not self.hub.has_room(heard, address):
            await _say(send, 503, {"code": "live.full"}, [(b"retry-after", b"30")])
            return
        last = headers.get(b"last-event-id", b"").decode("ascii", "replace")
        listener = self.hub.join(heard, address, last)  # before the first await: two at once count as two
        try:
            answer = [*OPEN_TO_ALL, (b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
            await send({"type": "http.response.start", "status": 200, "headers": answer})
            await stream(self.hub, listener, receive, send)
        finally:
            self.hub.leave(listener)

    def _address(self, asked: Message, headers: dict[bytes, bytes]) -> str:
        peer = str((asked.get("client") or ("",))[0])
        return client_address(peer, headers.get(b"x-forwarded-for", b"").decode("ascii", "replace"), self.trusted)


async def _say(send: Send, status: int, body: dict[str, object], more: Sequence[tuple[bytes, bytes]] = ()) -> None:
    headers = [*OPEN_TO_ALL, (b"content-type", b"application/json"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(body)})


def __getattr__(name: str) -> Live:
    """Make `app` when the server asks for it, so that importing this module needs no environment."""
    if name != "app":
        raise AttributeError(name)
    proxies = [text for text in os.environ.get("LINLI_PROXIES", "").replace(" ", "").split(",") if text]
    return Live(os.environ["DATABASE_URL"], os.environ["LINLI_SECRET_KEY"].encode(), proxies)
