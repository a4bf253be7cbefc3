"""One device's numbered messages, from the first that is not told stored (待回执队列)."""

import json
import re
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

WIDEST: Final = 4_000
NARROWEST: Final = 50
FIRST_PATIENCE_S: Final = 3.0
LONGEST_PATIENCE_S: Final = 60.0
LARGEST_MESSAGE: Final = 64 * 1024
OVERHEAD: Final = 120  # bytes of number and session
RESERVED: Final = frozenset({"n", "b"})
DEVICE: Final = re.compile(r"[^\s/+#*>\x00-\x20\x7f]{1,100}")


def new_session() -> str:
    """Return a session id that was never used before."""
    return secrets.token_hex(6)


def packed(body: Mapping[str, Any]) -> str:
    """Return a message's JSON text without its braces (打包).

    Raises: ValueError for NaN and Infinity, for `n` and `b`, which are ours to give, and above 64 kB.
    """
    if RESERVED & body.keys():
        raise ValueError("n and b are given by the sender")
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))[1:-1]
    if len(text.encode()) > LARGEST_MESSAGE - OVERHEAD:
        raise ValueError("a message has at most 64 kB")
    return text


def check_device(device: str) -> None:
    """Raise ValueError for a name that would break the topic or the connection."""
    if not DEVICE.fullmatch(device):
        raise ValueError(f"no topic can carry the device name {device!r}")


@dataclass(slots=True)
class Run:
    """The messages of one device in one session: `acked + 1` … `acked + len(kept)`.

    Attributes:
        sent: up to which number they went out on the present connection.
        window: how many may be out unanswered; narrow after silence, wide while receipts come.
        moved_at: when the last receipt moved, or sending began; a monotonic clock's seconds.
    """

    device: str
    session: str = field(default_factory=new_session)
    acked: int = 0
    sent: int = 0
    kept: deque[str] = field(default_factory=deque)
    window: int = WIDEST
    patience_s: float = FIRST_PATIENCE_S
    moved_at: float = 0.0

    @property
    def topic(self) -> str:
        """Where the device's telemetry goes."""
        return f"d/{self.device}/t"

    def due(self, most: int, now: float) -> list[tuple[str, bytes]]:
        """Return the next messages to send, at most `most`, and count them as sent (取待发)."""
        if self.sent == self.acked:
            self.moved_at = now
        last = min(self.acked + len(self.kept), self.acked + self.window, self.sent + most)
        messages = [(self.topic, self._message(n)) for n in range(self.sent + 1, last + 1)]
        self.sent = max(self.sent, last)
        return messages

    def told(self, n: int, session: str, now: float) -> int:
        """Take a receipt and return how many messages it lets go (收回执).

        A receipt below an earlier one means that the receiver has lost its memory of this session, one above all
        that was handed in means that somebody else sends in it: what is kept goes into a new session, or the run
        would stand still for ever, or let go of what nobody stored.
        """
        if session != self.session:
            return 0
        if not self.acked <= n <= self.acked + len(self.kept):
            self.renew()
            return 0
        stored = n - self.acked
        if stored:
            for _ in range(stored):
                self.kept.popleft()
            self.acked += stored
            self.sent = max(self.sent, self.acked)
            self.window, self.patience_s, self.moved_at = min(2 * self.window, WIDEST), FIRST_PATIENCE_S, now
        return stored

    def renew(self) -> None:
        """Begin a new session with everything that is kept (新会话)."""
        self.session, self.acked, self.sent = new_session(), 0, 0

    def again(self) -> None:
        """Send everything kept once more, as after a lost connection."""
        self.sent = self.acked

    def lose_patience(self, now: float) -> bool:
        """Send again, a few at a time, if messages are out and no receipt moved for long; return whether (超时重发)."""
        if self.sent == self.acked or now - self.moved_at < self.patience_s:
            return False
        self.window, self.patience_s = NARROWEST, min(2 * self.patience_s, LONGEST_PATIENCE_S)
        self.again()
        return True

    def _message(self, n: int) -> bytes:
        head = json.dumps({"n": n, "b": self.session}, separators=(",", ":"))[:-1]
        text = self.kept[n - self.acked - 1]
        return f"{head},{text}}}".encode() if text else f"{head}}}".encode()
