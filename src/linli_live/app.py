"""The live part's entry (ASGI): `/live` streams events, `/healthz` tells that it runs (推送服务入口)."""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec

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

    def __init__(self, conninfo: str, key: bytes) -> None:
        self.key = key
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
            await self._open(scope["query_string"], receive, send)
        else:
            await _say(send, 404, {"code": "live.not_found"})

    async def _open(self, query: bytes, receive: Receive, send: Send) -> None:
        text = parse_qs(query.decode("ascii", "replace")).get("token", [""])[0]
        try:
            heard = Scope.of_token(text, key=self.key)
        except DomainError as refusal:
            await _say(send, 403, {"code": refusal.code, "message": refusal.message})
            return
        if self.hub.is_full:
            await _say(send, 503, {"code": "live.full"})
            return
        headers = [*OPEN_TO_ALL, (b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await stream(self.hub, heard, receive, send)


async def _say(send: Send, status: int, body: dict[str, object]) -> None:
    headers = [*OPEN_TO_ALL, (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(body)})


def __getattr__(name: str) -> Live:
    """Make `app` when the server asks for it, so that importing this module needs no environment."""
    if name != "app":
        raise AttributeError(name)
    return Live(os.environ["DATABASE_URL"], os.environ["LINLI_SECRET_KEY"].encode())
