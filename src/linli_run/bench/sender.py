"""One connection that publishes at QoS 1 as fast as its window allows (发送连接)."""

import socket
import time
from typing import Final
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from linli_edge import mqtt
from linli_run.bench.fleet import Frames

PUBACK: Final = b"\x40\x02"
PUBACK_BYTES: Final = 4
LARGEST_WRITE: Final = 1 << 17
PATIENCE_S: Final = 10.0


def opened(url: str, client_id: str, topic: str = "") -> socket.socket:
    """Return a non-blocking connection the server has welcomed, subscribed to `topic` if one is given (连接).

    Raises: ConnectionError if the server refuses.
    """
    parts = urlsplit(url)
    line = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 1883), PATIENCE_S)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(mqtt.connect(client_id, unquote(parts.username or ""), unquote(parts.password or ""), 0))
    if _exactly(line, 4)[3]:
        raise ConnectionError("the message server refuses the bench")
    if topic:
        line.sendall(mqtt.subscribe(1, [topic]))
        if _exactly(line, 5)[4] & 0x80:
            raise ConnectionError(f"the message server refuses a subscription to {topic}")
    line.setblocking(False)
    return line


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        if not (data := line.recv(count - len(found))):
            raise ConnectionError("the message server hung up")
        found += data
    return found


class Sender:
    """Packets of one connection on their way.

    Args:
        window: how many may be out without PUBACK.
    """

    def __init__(self, line: socket.socket, frames: Frames, window: int) -> None:
        self.line, self.window = line, window
        self.acked = 0
        self._data, self._ends = memoryview(frames.data), frames.ends
        self._written = 0
        self._rest = b""
        self._handed: list[tuple[int, int]] = []

    def wants(self, due: int) -> bool:
        """Whether there is something to write, if the first `due` messages may go."""
        return self._written < self._allowed(due)

    def write(self, due: int) -> None:
        """Hand the socket what may go and what it takes, noting the moment before (写出)."""
        until = min(self._allowed(due), self._written + LARGEST_WRITE)
        if until <= self._written:
            return
        now_ns = time.time_ns()
        try:
            self._written += self.line.send(self._data[self._written : until])
        except BlockingIOError:
            return
        self._handed.append((self._written, now_ns))

    def read(self) -> None:
        """Count the PUBACKs that have come; nothing else ever comes here (确认).

        Raises: ConnectionError if something else does, or the server hangs up.
        """
        data = self.line.recv(1 << 16)
        if not data:
            raise ConnectionError("the message server hung up")
        data = self._rest + data
        whole = len(data) // PUBACK_BYTES
        heads = np.frombuffer(data, np.uint8, whole * PUBACK_BYTES).reshape(whole, PUBACK_BYTES)[:, :2]
        if (heads != np.frombuffer(PUBACK, np.uint8)).any():
            raise ConnectionError("the message server sent something that is no PUBACK")
        self._rest = data[whole * PUBACK_BYTES :]
        self.acked += whole

    def handed_ns(self) -> NDArray[np.int64]:
        """Return, message by message, when its last byte began to be handed to the socket."""
        marks: NDArray[np.int64] = np.array(self._handed, np.int64).reshape(-1, 2)
        found = np.searchsorted(marks[:, 0], self._ends[self._ends <= self._written])
        moments: NDArray[np.int64] = marks[found, 1]
        return moments

    def _allowed(self, due: int) -> int:
        last = min(due, self.acked + self.window, len(self._ends))
        return int(self._ends[last - 1]) if last else 0
