"""The load (负载发生器), a process of its own: encodes, waits for the word, sends, and hears receipts.

`python -m linli_run.bench.generator`: an order as JSON on the first line of standard input, `go` on the second;
answers `ready`, then what happened as JSON.
"""

import json
import os
import re
import select
import socket
import sys
import time
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from linli_run.bench.fleet import CONNECTIONS, Fleet
from linli_run.bench.report import percentile
from linli_run.bench.sender import Sender, opened

RECEIPT: Final = re.compile(rb'd/bench-(\d{6})/a\{"n": (\d+)\}')
LONGEST_RECEIPT: Final = 64
TICK_S: Final = 0.001
RECEIPT_BUFFER: Final = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to send (负载指令).

    Args:
        first_n, rounds: each device sends its messages from `first_n` on, so many of them.
        rate: messages a second; 0 = as fast as the window allows.
        window: messages without PUBACK, for each connection.
        patience_s: give up when nothing moves for so long.
    """

    url: str
    devices: int
    crosser_every: int
    seed: int
    first_n: int
    rounds: int
    rate: float
    window: int
    patience_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of it (发送结果); moments are nanoseconds since 1970.

    Attributes:
        received: messages with PUBACK; receipted: messages told to be stored.
        crossings: time of the reading, microseconds, and when its message was handed to the socket.
        late_ms: how late the 99th of a hundred messages was handed over against its due time; 0 without a rate.
    """

    messages: int
    received: int
    receipted: int
    began_ns: int
    received_ns: int
    receipted_ns: int
    cpu_s: float
    crossings: list[tuple[int, int]]
    late_ms: float


class Receipts:
    """Up to which number each device was told to be stored (回执跟踪)."""

    def __init__(self, line: socket.socket, devices: int, before: int, last: int) -> None:
        self.line, self._last, self._before = line, last, before
        self._told = [before] * devices
        self._open = devices
        self._rest = b""
        self.heard = 0

    @property
    def complete(self) -> bool:
        """Whether every device heard of its last message."""
        return not self._open

    def read(self) -> None:
        """Take in what has come. Raises: ConnectionError if the server hangs up."""
        data = self.line.recv(1 << 18)
        if not data:
            raise ConnectionError("the message server hung up")
        data, end = self._rest + data, 0
        for found in RECEIPT.finditer(data):
            device, n, end = int(found[1]), int(found[2]), found.end()
            self.heard += 1
            if n > self._told[device]:
                self._open -= self._told[device] < self._last <= n
                self._told[device] = n
        self._rest = data[max(end, len(data) - LONGEST_RECEIPT) :]

    def count(self) -> int:
        """Return how many messages of this run were told stored."""
        return sum(min(n, self._last) - self._before for n in self._told)


class Run:
    """One stretch of sending."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.fleet = Fleet(order.devices, order.crosser_every, order.seed)
        frames = self.fleet.frames(order.first_n, order.rounds)
        self.senders = [
            Sender(opened(order.url, f"bench-{at}"), of_line, order.window) for at, of_line in enumerate(frames)
        ]
        ear = opened(order.url, "bench-ear", "d/+/a")
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIPT_BUFFER)
        self.receipts = Receipts(ear, order.devices, order.first_n - 1, order.first_n + order.rounds - 1)
        self.messages = order.devices * order.rounds
        self.received_ns = 0

    def carry_out(self) -> Sent:
        """Send everything and wait for the last receipt, or until nothing has moved for long (发送)."""
        cpu_s, began_ns = time.process_time(), time.time_ns()
        moved, moved_at = (0, 0), time.monotonic()
        while not self.receipts.complete:
            self._turn(began_ns)
            if (now := (self._received(), self.receipts.heard)) != moved:
                moved, moved_at = now, time.monotonic()
            elif time.monotonic() - moved_at > self.order.patience_s:
                break
        return self._result(began_ns, time.time_ns(), time.process_time() - cpu_s)

    def _turn(self, began_ns: int) -> None:
        due = self._due(began_ns)
        eager = [sender.line for sender in self.senders if sender.wants(due)]
        ears = [self.receipts.line, *(sender.line for sender in self.senders)]
        readable, writable, _ = select.select(ears, eager, [], TICK_S if self.order.rate else 0.05)
        for sender in self.senders:
            if sender.line in readable:
                sender.read()
            if sender.line in writable:
                sender.write(due)
        if self.receipts.line in readable:
            self.receipts.read()
        if not self.received_ns and self._received() == self.messages:
            self.received_ns = time.time_ns()

    def _due(self, began_ns: int) -> int:
        """Return how many messages of each connection may go by now."""
        if not self.order.rate:
            return self.messages // CONNECTIONS
        return int((time.time_ns() - began_ns) / 1e9 * self.order.rate) // CONNECTIONS + 1

    def _received(self) -> int:
        return sum(sender.acked for sender in self.senders)

    def _result(self, began_ns: int, ended_ns: int, cpu_s: float) -> Sent:
        late_ns: list[int] = []
        crossings: list[tuple[int, int]] = []
        for at, sender in enumerate(self.senders):
            handed = sender.handed_ns()
            places = self.fleet.places(at, self.order.first_n, self.order.rounds)[: len(handed)]
            chosen = places[:, 0] % self.order.crosser_every == 0
            crossings += [(self.fleet.at_us(int(device), int(n)), int(moment)) for (device, n), moment in
                          zip(places[chosen], handed[chosen], strict=True)]  # fmt: skip
            if self.order.rate:
                due = began_ns + (np.arange(len(handed)) * CONNECTIONS / self.order.rate * 1e9).astype(np.int64)
                late_ns += (handed - due).tolist()
        return Sent(
            messages=self.messages, received=self._received(), receipted=self.receipts.count(), began_ns=began_ns,
            received_ns=self.received_ns, receipted_ns=ended_ns, cpu_s=cpu_s, crossings=crossings,
            late_ms=percentile(late_ns, 0.99) / 1e6 if late_ns else 0.0,
        )  # fmt: skip


def main() -> int:
    """Do one order and end."""
    run = Run(Order(**json.loads(sys.stdin.readline())))
    print("ready", flush=True)
    if sys.stdin.readline().strip() == "go":
        print(json.dumps(asdict(run.carry_out())), flush=True)
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
