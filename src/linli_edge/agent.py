"""The gateway agent (网关代理): devices hand in over HTTP, the sender carries it to Linli and hears what is stored."""

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from linli_edge.counter import Counter
from linli_edge.pace import Pace, days, room_left
from linli_edge.sender import Sender

WEEK_DAYS: Final = 7
LOOK_EVERY_S: Final = 1.0


class SenderEnded(Exception):
    """The sender's thread has ended though nobody asked it to."""


class Agent:
    """One gateway: a counter, a journal and a line.

    Args:
        address: where devices hand in.
        url: Linli's message server, `mqtt://user:password@host:port`.
        room: how many messages may be kept.
    Raises: OSError if the address is taken; sqlite3.Error if the journal cannot be used.
    """

    def __init__(self, address: tuple[str, int], url: str, journal: Path, room: int) -> None:
        self._counter = Counter(address, self._take, self.status)
        try:
            self._sender = Sender(url, f"edge-{token_hex(6)}", journal=journal, room=room)
        except BaseException:
            self._counter.server_close()
            raise
        self._pace = Pace(time.monotonic())
        self._lock = threading.Lock()
        self._refused = 0

    def work(self, stop: threading.Event) -> None:
        """Work until told to stop (运行).

        Raises: SenderEnded.
        """
        with self._counter, self._sender:
            threading.Thread(target=self._counter.serve_forever, name="counter", daemon=True).start()
            try:
                while not stop.wait(LOOK_EVERY_S):
                    if not self._sender.is_alive():
                        raise SenderEnded("the sender has ended")
            finally:
                self._counter.shutdown()

    def _take(self, device: str, bodies: list[dict[str, Any]]) -> None:
        try:
            self._sender.send_all(device, bodies, timeout_s=0.0)
        except Exception:
            with self._lock:
                self._refused += len(bodies)
            raise
        with self._lock:
            self._pace.note(len(bodies), time.monotonic())

    def status(self) -> Mapping[str, Any]:
        """Return how it stands, as plain values; times in epoch seconds by this machine's clock (现状)."""
        standing, now = self._sender.standing(), time.time()
        with self._lock:
            per_day, refused = self._pace.per_day(time.monotonic()), self._refused
        taken, left = standing.extent or (0, 0)
        more = room_left(standing.room, standing.kept, taken, left)
        holds = days(standing.kept + more, per_day)
        return {
            "kept": standing.kept, "room_left": more, "devices": standing.devices, "refused": refused,
            "oldest_s": None if standing.oldest_at is None else max(0, round(now - standing.oldest_at)),
            "per_day": None if per_day is None else round(per_day),
            "holds_days": None if holds is None else round(holds, 1),
            "holds_a_week": holds is None or holds >= WEEK_DAYS,
            "receipt_at": standing.receipt_at, "connected": not standing.said, "line": standing.said,
            "journal_bytes": taken, "disk_left_bytes": left, "journal": standing.journal_said,
        }  # fmt: skip
