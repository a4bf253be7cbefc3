"""Everybody who listens, and the handing out of events to them (推送中心)."""

import asyncio
from typing import Final

from linli_live.frames import frame
from linli_live.scope import Event, Scope

WAITING_AT_MOST: Final = 200
LISTENERS_AT_MOST: Final = 2000


class Listener:
    """One open stream: what it may hear, and what waits to be sent (订阅者)."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.cut_off = asyncio.Event()
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue(WAITING_AT_MOST)

    def offer(self, data: bytes) -> None:
        """Let `data` wait to be sent; who is too slow is cut off, to come back and read afresh."""
        try:
            self._waiting.put_nowait(data)
        except asyncio.QueueFull:
            self.cut_off.set()
            self.end()

    def end(self) -> None:
        """Close the stream after what is being sent now."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(None)

    async def next(self) -> bytes | None:
        """Return what is to be sent next; None when the stream is to end."""
        return await self._waiting.get()


class Hub:
    """The open streams of this process."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()

    @property
    def is_full(self) -> bool:
        """Whether one more listener would be too many."""
        return len(self.listeners) >= LISTENERS_AT_MOST

    def join(self, scope: Scope) -> Listener:
        """Open a stream for somebody with this scope (加入)."""
        listener = Listener(scope)
        self.listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a stream that has ended."""
        self.listeners.discard(listener)

    def hand_out(self, event: Event) -> None:
        """Give the event to everybody who may hear it, to nobody else (分发)."""
        data = frame(event)
        for listener in self.listeners:
            if listener.scope.hears(event):
                listener.offer(data)

    def end_all(self) -> None:
        """End every stream: its browser opens a new one and reads the present state (全部重连)."""
        for listener in self.listeners:
            listener.end()
