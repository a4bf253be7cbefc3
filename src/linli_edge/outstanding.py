"""What was sent and not yet confirmed as stored (待确认报文)."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Outstanding:
    """The messages of one device above its last receipt, oldest first, numbered without gap from 1.

    Attributes:
        stored_n: up to which number the receiver has told us that everything is stored.
        last_n: the number given last.
    """

    stored_n: int = 0
    last_n: int = 0
    kept: deque[tuple[int, bytes]] = field(default_factory=deque)

    def next_n(self) -> int:
        """Return the number of the next message."""
        return self.last_n + 1

    def keep(self, payload: bytes) -> None:
        """Number a message and keep it until it is told stored (留存)."""
        self.last_n += 1
        self.kept.append((self.last_n, payload))

    def told(self, n: int) -> int:
        """Forget everything up to `n`; return how many messages that were (收到回执).

        A receipt for less than an earlier one changes nothing, one for more than was sent is not ours.
        """
        if not self.stored_n < n <= self.last_n:
            return 0
        gone = 0
        while self.kept and self.kept[0][0] <= n:
            self.kept.popleft()
            gone += 1
        self.stored_n = n
        return gone

    def payloads(self, at_most: int) -> list[bytes]:
        """Return the oldest messages that are not told stored, to be sent once more."""
        return [payload for _, payload in self.kept][:at_most]
