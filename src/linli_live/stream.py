"""One open stream of events (事件流)."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from linli_live.frames import BEAT, HELLO
from linli_live.hub import Hub, Listener

BEAT_EVERY_S: Final = 15.0
LONGEST_S: Final = 600.0


async def stream(
    hub: Hub,
    listener: Listener,
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """Send what waits for `listener` until the client goes, is too slow, or ten minutes are over (推送).

    The end makes the browser come back through the web part, where its rights are looked up again.
    """
    sending = asyncio.create_task(_send_all(listener, send))
    gone = asyncio.create_task(_until_gone(receive))
    cut_off = asyncio.create_task(listener.cut_off.wait())
    tasks = {sending, gone, cut_off}
    try:
        await asyncio.wait(tasks, timeout=LONGEST_S, return_when=asyncio.FIRST_COMPLETED)
        sending.cancel()
        if not gone.done() and not cut_off.done():  # to who does not read, even the end cannot be sent
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        hub.leave(listener)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send_all(listener: Listener, send: Callable[[MutableMapping[str, Any]], Awaitable[None]]) -> None:
    data: bytes | None = HELLO
    while data is not None:
        await send({"type": "http.response.body", "body": data, "more_body": True})
        try:
            async with asyncio.timeout(BEAT_EVERY_S):
                data = await listener.next()
        except TimeoutError:
            data = BEAT


async def _until_gone(receive: Callable[[], Awaitable[MutableMapping[str, Any]]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
