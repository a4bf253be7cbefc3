"""Everybody who listens, and the handing out of events to them (推送中心)."""

import asyncio
import secrets
from collections import Counter, deque
from typing import Final

from linli_live.frames import RELOAD, frame, numbered
from linli_live.scope import Event, Scope

WAITING_AT_MOST: Final = 200
BYTES_AT_MOST: Final = 256 * 1024
LISTENERS_AT_MOST: Final = 2000
OF_ONE_PERSON: Final = 12
OF_ONE_ADDRESS: Final = 400
REMEMBERED: Final = 500


class Listener:
    """One open stream: what it may hear, and what waits to be sent (订阅者)."""

    def __init__(self, scope: Scope, address: str = "") -> None:
        self.scope = scope
        self.address = address
        self.cut_off = asyncio.Event()
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue(WAITING_AT_MOST)
        self._bytes = 0

    def offer(self, data: bytes) -> None:
        """Let `data` wait to be sent; who is too slow is cut off, to come back and read afresh."""
        self._bytes += len(data)
        try:
            if self._bytes > BYTES_AT_MOST:
                raise asyncio.QueueFull
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
        data = await self._waiting.get()
        self._bytes -= len(data or b"")
        return data


class Hub:
    """The open streams of this process, and the last events for who comes back (回放)."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.by_person: Counter[str] = Counter()
        self.by_address: Counter[str] = Counter()
        self._epoch = secrets.token_hex(4)
        self._heard = 0
        self._last: deque[tuple[int, Event, bytes]] = deque(maxlen=REMEMBERED)

    @property
    def is_full(self) -> bool:
        """Whether one more listener would be too many."""
        return len(self.listeners) >= LISTENERS_AT_MOST

    def has_room(self, scope: Scope, address: str) -> bool:
        """Whether this person, and this address, may open one more stream (连接上限)."""
        return (self.by_person[scope.who] < OF_ONE_PERSON or not scope.who) and \
            self.by_address[address] < OF_ONE_ADDRESS

    def join(self, scope: Scope, address: str = "", after: str = "") -> Listener:
        """Open a stream for somebody with this scope (加入), with what was missed since the event `after`.

        If that lies too far back, or was told by another process, the listener hears `reload`: read afresh.
        """
        listener = Listener(scope, address)
        for data in self._missed(scope, after):
            listener.offer(data)
        self.listeners.add(listener)
        self.by_person[scope.who] += 1
        self.by_address[address] += 1
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a stream that has ended."""
        if listener in self.listeners:
            self.listeners.discard(listener)
            self.by_person -= Counter([listener.scope.who])
            self.by_address -= Counter([listener.address])

    def hand_out(self, event: Event) -> None:
        """Give the event to everybody who may hear it, to nobody else (分发)."""
        self._heard += 1
        data = numbered(f"{self._epoch}-{self._heard}", frame(event))
        self._last.append((self._heard, event, data))
        for listener in self.listeners:
            if listener.scope.hears(event):
                listener.offer(data)

    def end_of(self, who: str) -> None:
        """End every stream of one person: their browsers come back by the web part, if they still may (本人重连)."""
        for listener in self.listeners:
            if listener.scope.is_of(who):
                listener.end()

    def end_all(self) -> None:
        """End every stream: its browser opens a new one and is told to read afresh (全部重连)."""
        self._epoch = secrets.token_hex(4)
        self._last.clear()
        for listener in self.listeners:
            listener.end()

    def _missed(self, scope: Scope, after: str) -> list[bytes]:
        if not after:
            return []
        epoch, _, number = after.rpartition("-")
        oldest = self._last[0][0] if self._last else self._heard + 1
        if epoch != self._epoch or not number.isascii() or not number.isdigit():
            return [RELOAD]
        if not oldest - 1 <= int(number) <= self._heard:
            return [RELOAD]
        missed = [data for at, event, data in self._last if at > int(number) and scope.hears(event)]
        return missed if len(missed) < WAITING_AT_MOST else [RELOAD]
