"""The one connection that hears what PostgreSQL announces (数据库监听)."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import msgspec
import psycopg

from linli.kernel import listening
from linli_live.hub import Hub
from linli_live.scope import Event

CHANNEL: Final = "linli_live"
PULSE: Final = "linli_live_pulse"
PULSE_EVERY_S: Final = 1.0
SILENT_AFTER_S: Final = 8.0
LAG_LIMIT_S: Final = 2.0
RETRY_AFTER_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
BEAT: Final = (
    "INSERT INTO metrics_heartbeat (part, at, lag_s, limit_s, note) VALUES ('live', clock_timestamp(), %s, %s, %s)"
    " ON CONFLICT (part) DO UPDATE SET at = excluded.at, lag_s = excluded.lag_s,"
    " limit_s = excluded.limit_s, note = excluded.note"
)
_log = logging.getLogger("linli_live")
_event = msgspec.json.Decoder(Event)


@dataclass
class Line:
    """Hears announcements and hands them to the hub, through every loss of the database (监听线路).

    A pulse goes the whole way round once a second: it measures the lag, and its absence shows a connection
    that is dead without having been closed.
    """

    conninfo: str
    hub: Hub
    clock: Callable[[], float] = time.monotonic
    is_up: bool = False
    _sent: dict[str, float] = field(default_factory=dict)
    _lag_s: float = 0.0
    _name: str = field(default_factory=lambda: secrets.token_hex(4))

    async def keep(self) -> None:
        """Listen until cancelled."""
        failures = 0
        while True:
            began = self.clock()
            try:
                await self._listen()
            except (psycopg.Error, TimeoutError, OSError) as lost:
                _log.warning("lost the database: %s", lost)
            self.is_up = False
            failures = 0 if self.clock() - began > SILENT_AFTER_S else failures + 1
            await asyncio.sleep(RETRY_AFTER_S[min(failures, len(RETRY_AFTER_S) - 1)])

    def lag_s(self) -> float:
        """Seconds an announcement now takes to get here; grows while the last pulse is still out."""
        return max([self._lag_s, *(self.clock() - at for at in self._sent.values())])

    async def _listen(self) -> None:
        connect = psycopg.AsyncConnection.connect
        async with (
            await connect(self.conninfo, autocommit=True, connect_timeout=5) as ear,
            await connect(self.conninfo, autocommit=True, connect_timeout=5) as mouth,
        ):
            await ear.execute(f"LISTEN {CHANNEL}")
            await ear.execute(f"LISTEN {PULSE}")
            self.hub.end_all()  # what was announced while nobody listened is read afresh
            self._sent.clear()
            self.is_up = True
            await _until_one_fails(asyncio.create_task(self._hear(ear)), asyncio.create_task(self._pulse(mouth)))

    async def _hear(self, ear: psycopg.AsyncConnection) -> None:
        while True:
            heard = 0
            async for note in ear.notifies(timeout=SILENT_AFTER_S):
                heard += 1
                self._take(note)
            if not heard:
                raise TimeoutError("the connection is silent")

    async def _pulse(self, mouth: psycopg.AsyncConnection) -> None:
        while True:
            name = f"{self._name}:{self.clock()}"
            self._sent[name] = self.clock()
            async with asyncio.timeout(SILENT_AFTER_S):
                await mouth.execute("SELECT pg_notify(%s, %s)", (PULSE, name))
                await mouth.execute(BEAT, (self.lag_s(), LAG_LIMIT_S, f"{len(self.hub.listeners)} listening"))
            await asyncio.sleep(PULSE_EVERY_S)

    def _take(self, note: psycopg.Notify) -> None:
        if note.channel == PULSE:
            sent_at = self._sent.pop(note.payload, None)
            self._lag_s = self._lag_s if sent_at is None else self.clock() - sent_at
            return
        try:
            event = _event.decode(note.payload)
        except msgspec.DecodeError:
            _log.warning("not an event: %.200s", note.payload)
            return
        if event.topic == listening.ENDED:
            self.hub.end_of(event.who)
        else:
            self.hub.hand_out(event)


async def _until_one_fails(*tasks: asyncio.Task[None]) -> None:
    """Not a TaskGroup: that swallows a cancellation which comes together with a failure."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
