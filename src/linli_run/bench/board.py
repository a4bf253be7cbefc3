"""From the publish of a reading until its alert reaches a board (预警上屏): through worker, outbox and live part."""

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from typing import Final, Self
from urllib.parse import quote

from linli.kernel import token
from linli_run import processes
from linli_run.bench.stage import READY_WITHIN_S, Stage
from linli_run.command_part import CommandPart, answers, our_command
from linli_run.trouble import Trouble

TOKEN_LASTS_S: Final = 60
SILENCE_S: Final = 20.0  # the live part says something every 15
PATIENCE_S: Final = 10.0
_LISTENING: Final = "SELECT count(*) FROM metrics_heartbeat WHERE part = 'alerts' AND at > %s"
_RAISED: Final = """
    SELECT id, (extract(epoch FROM raised_at) * 1000000)::int8 FROM alerts_alert WHERE raised_at >= to_timestamp(%s)
"""


class Board:
    """A board of the command centre as the live part sees it: a stream of events, signed for every area.

    Attributes:
        told_ns: by alert, the moment its first event was here, nanoseconds since 1970.
    """

    def __init__(self, on: Stage) -> None:
        self.told_ns: dict[int, int] = {}
        signed = token.sign({"areas": [""], "units": [], "topics": ["alerts"]},
                            key=on.env["LINLI_SECRET_KEY"].encode(), lifetime_s=TOKEN_LASTS_S)  # fmt: skip
        self._line = HTTPConnection("127.0.0.1", on.chosen["live"], timeout=SILENCE_S)
        self._page = f"/live?token={quote(signed, safe='')}"
        self._thread = threading.Thread(target=self._read, name="board", daemon=True)
        self._is_open = threading.Event()

    def __enter__(self) -> Self:
        self._line.request("GET", self._page)
        self._thread.start()
        if not self._is_open.wait(READY_WITHIN_S):
            raise Trouble("The live part sends nothing.", "Read its log.")
        return self

    def __exit__(self, *_: object) -> None:
        if self._line.sock:
            self._line.sock.shutdown(socket.SHUT_RDWR)  # wakes the thread, which may be waiting for the next word
        self._thread.join()
        self._line.close()

    def wait_for(self, alerts: int) -> None:
        """Return when so many alerts were told, or none came for long."""
        deadline = time.monotonic() + PATIENCE_S
        while len(self.told_ns) < alerts and time.monotonic() < deadline:
            time.sleep(0.05)

    def _read(self) -> None:
        with suppress(OSError, HTTPException):  # closed under our hands when the run is over
            for line in self._line.getresponse():
                self._is_open.set()
                if line.startswith(b"data: "):
                    now_ns = time.time_ns()
                    if alert := json.loads(line[6:]).get("id"):  # what has none is a beat
                        self.told_ns.setdefault(int(alert), now_ns)


@contextmanager
def watched(on: Stage) -> Iterator[None]:
    """Run the worker, which makes alerts of exceedances, and the live part, which tells boards (启动预警与推送)."""
    probe = answers(f"{on.env['LINLI_LIVE_URL']}/healthz")
    address = ("--host", "127.0.0.1", "--port", str(on.chosen["live"]))
    live = CommandPart("live", our_command("live", *address), home=on.home, env=on.env, probe=probe)
    worker = CommandPart("worker", our_command("worker"), home=on.home, env=on.env,
                         probe=lambda: on.rows(_LISTENING, began) != [(0,)])  # fmt: skip
    [(began,)] = on.rows("SELECT clock_timestamp()")
    try:
        for part in (live, worker):
            part.begin()
            _wait(part)
        yield
    finally:
        for part in (worker, live):
            part.stop()


def _wait(part: CommandPart) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not part.is_ready():
        if part.running_pid() is None or time.monotonic() > deadline:
            raise Trouble(f"{part.name} did not start:\n{processes.tail(part.log)}", "Read the text above.")
        time.sleep(0.05)


def seen_ns(on: Stage, board: Board, since_us: int) -> Mapping[int, int]:
    """Return, by time of the reading in microseconds, when the alert it raised was told to the board (上屏时刻)."""
    raised = on.rows_of_all(_RAISED, since_us / 1e6)
    return {at_us: board.told_ns[alert] for alert, at_us in raised if alert in board.told_ns}
