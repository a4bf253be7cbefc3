"""A live part in this process, and what a browser hears of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from linli.kernel import token
from linli_live.app import Live

KEY = b"only for tests, and long enough for them"


def make_token(*, areas=("",), units=(), topics=("alerts", "cases"), who="", lifetime_s=60) -> str:
    """Return a token as the web part signs it."""
    payload = {"areas": list(areas), "units": list(units), "topics": list(topics), "who": who}
    return token.sign(payload, key=KEY, lifetime_s=lifetime_s)


def announce(conninfo: str, topic: str = "alerts", area: str = "990101", units=(), **data: Any) -> None:
    """Announce an event as the board's handlers do."""
    event = {"topic": topic, "area": area, "units": list(units), "data": data}
    with psycopg.connect(conninfo, autocommit=True) as line:
        line.execute("SELECT pg_notify('linli_live', %s)", [json.dumps(event)])


@dataclass
class Browser:
    """One request to the live part, and what came back."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""
    is_over: bool = False
    _gone: asyncio.Event = field(default_factory=asyncio.Event)
    _reads: asyncio.Event = field(default_factory=asyncio.Event)

    async def get(self, app: Live, path: str, query: str = "", method: str = "GET", headers=(),
                  peer: str = "127.0.0.1") -> None:
        """Ask for `path`; returns when the answer is over."""
        self._reads.set()
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(),
                 "headers": list(headers), "client": (peer, 40000)}
        await app(scope, self._receive, self._send)
        self.is_over = True

    def leave(self) -> None:
        """Close the page."""
        self._gone.set()

    def stop_reading(self) -> None:
        """Keep the page open and take nothing more."""
        self._reads.clear()

    def events(self) -> list[tuple[str, Any]]:
        """Return (topic, data) of what was heard, beats left out."""
        blocks = [dict(line.split(": ", 1) for line in b.splitlines()) for b in self.body.decode().split("\n\n")]
        return [(b["event"], json.loads(b["data"])) for b in blocks if b.get("event") not in {None, "beat"}]

    def last_id(self) -> str:
        """Return the number of the last event heard, as a browser names it when it comes back."""
        return [line.removeprefix("id: ") for line in self.body.decode().splitlines() if line.startswith("id: ")][-1]

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        await self._reads.wait()
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body += message["body"]


@asynccontextmanager
async def living(conninfo: str) -> AsyncIterator[Live]:
    """A live part between start and shutdown, with its line to the database up."""
    app, asked, told = Live(conninfo, KEY), asyncio.Queue(), asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan"}, asked.get, told.put))
    await asked.put({"type": "lifespan.startup"})
    assert (await told.get())["type"] == "lifespan.startup.complete"
    await until(lambda: app.line.is_up)
    try:
        yield app
    finally:
        await asked.put({"type": "lifespan.shutdown"})
        await asyncio.wait_for(task, 5)


async def until(true, within_s: float = 10.0) -> None:
    """Wait until `true()` holds."""
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.01)
