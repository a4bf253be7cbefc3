"""The sender (发送器): many devices over one connection, each message kept until its receipt."""

import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from sqlite3 import Error
from types import TracebackType
from typing import Any, Final, Self

from linli_edge.journal import Journal
from linli_edge.line import Line, LineLost
from linli_edge.run import Run, check_device, packed
from linli_edge.standing import NotStored, Progress, Standing

log = logging.getLogger(__name__)

ROOM: Final = 100_000
IN_FLIGHT: Final = 512
A_WRITE: Final = 200
TICK_S: Final = 0.5
LONGEST_PAUSE_S: Final = 10.0
CLIENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Sender:
    """Sends for many devices in a thread of its own, and again until each message is told stored.

    Without a journal what is kept ends with the process, and every start is a new session.

    Args:
        url: `mqtt://user:password@host:port`, or `mqtts://`.
        client_id: letters, digits, `_` and `-`; a dot would be refused by the server.
        journal: file that keeps messages and numbers over restarts.
        room: how many messages may be kept.
    Raises: ValueError for such a client id.
    """

    def __init__(self, url: str, client_id: str, *, journal: Path | None = None, room: int = ROOM) -> None:
        if not CLIENT_ID.fullmatch(client_id):
            raise ValueError("a client id has letters, digits, _ and - only")
        self._url, self._client_id, self._room = url, client_id, room
        self._journal = Journal(journal) if journal else None
        self._runs = self._journal.runs() if self._journal else {}
        self._lock = threading.Condition()
        self._kept = self._handed_in = sum(len(run.kept) for run in self._runs.values())
        self._stored = 0
        self._connected = False
        self._stopping = threading.Event()
        self._behind: set[str] = set()  # devices whose run the journal could not take whole
        self._receipt_at: float | None = None
        self._said, self._journal_said = "not connected yet", ""
        self._new_devices: list[str] = []
        self._bell, self._rope = os.pipe()
        os.set_blocking(self._rope, False)
        self._thread = threading.Thread(target=self._live, name="sender", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopping.set()
        self._ring()
        self._thread.join(timeout=10)
        os.close(self._rope)
        os.close(self._bell)
        if self._journal:
            self._journal.close()

    def send(self, device: str, body: Mapping[str, Any], *, timeout_s: float | None = None) -> None:
        """Keep one message and send it as soon as may be (交付).

        Args:
            body: `ts` and metrics; give a `ts`, or the time of arrival will be taken.
            timeout_s: how long to wait for room; None = as long as it takes.
        Raises: NotStored if no room came; sqlite3.Error if the journal cannot be written, and the message is not
            kept then; ValueError for a body or a name that cannot be sent.
        """
        self.send_all(device, [body], timeout_s=timeout_s)

    def send_all(self, device: str, bodies: Sequence[Mapping[str, Any]], *, timeout_s: float | None = None) -> None:
        """Keep messages of one device, all or none, with one flush to disk; otherwise as `send` (成批交付)."""
        check_device(device)
        texts = [packed(body) for body in bodies]
        with self._lock:
            if not self._lock.wait_for(lambda: self._kept + len(texts) <= self._room, timeout_s):
                raise NotStored(f"{self._kept} messages wait for their receipt, and there is room for {self._room}")
            run = self._runs.get(device)
            if run is None:
                run = self._runs[device] = Run(device)
                self._new_devices.append(device)
            self._keep(run, texts)
            self._kept += len(texts)
            self._handed_in += len(texts)
        self._ring()

    def _keep(self, run: Run, texts: Sequence[str]) -> None:
        if self._journal and run.device in self._behind:
            self._journal.renewed(run)
            self._behind.discard(run.device)
        run.kept.extend(texts)
        if self._journal is None or not texts:
            return
        try:
            self._journal.added(run, len(texts))
        except Error as error:
            for _ in texts:
                run.kept.pop()
            self._journal_said = str(error)
            raise
        self._journal_said = ""

    def wait(self, timeout_s: float | None = None) -> bool:
        """Return whether everything handed in is told stored, waiting for it up to `timeout_s` (等待入库)."""
        with self._lock:
            return self._lock.wait_for(lambda: self._kept == 0, timeout_s)

    def progress(self) -> Progress:
        """Return how far it got."""
        with self._lock:
            return Progress(self._handed_in, self._stored, self._connected)

    def standing(self) -> Standing:
        """Return how it stands; reads the whole journal, so ask seldom."""
        with self._lock:
            journal = self._journal
            return Standing(self._kept, self._room, len(self._runs), journal and journal.extent(),
                            journal.oldest_at() if journal and self._kept else None, self._receipt_at, self._said,
                            self._journal_said)  # fmt: skip

    def is_alive(self) -> bool:
        """Return whether its thread still works."""
        return self._thread.is_alive()

    def _ring(self) -> None:
        with suppress(BlockingIOError):  # it rings already
            os.write(self._rope, b".")

    def _live(self) -> None:
        pause_s = 0.1
        while not self._stopping.is_set():
            try:
                line = Line(self._url, self._client_id)
            except LineLost as error:
                self._note(str(error))
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                continue
            pause_s = 0.1
            try:
                self._talk(line)
            except LineLost as error:
                self._note(str(error))
            finally:
                self._connected = False
                line.close()

    def _note(self, said: str) -> None:
        """Tell a change of the line's state once, not at every try."""
        if said != self._said:
            log.warning("%s", said) if said else log.info("connected")
        self._said = said

    def _talk(self, line: Line) -> None:
        with self._lock:
            self._new_devices = list(self._runs)
            for run in self._runs.values():
                run.again()
        self._connected = True
        self._note("")
        in_flight: set[int] = set()
        while not self._stopping.is_set():
            self._listen_to_new(line)
            self._push(line, in_flight)
            heard = line.hear(TICK_S, self._bell)
            in_flight.difference_update(heard.received)
            for topic, body in heard.messages:
                self._take_receipt(topic, body)

    def _listen_to_new(self, line: Line) -> None:
        with self._lock:
            fresh, self._new_devices = self._new_devices, []
        if fresh:
            line.subscribe([f"d/{device}/a" for device in fresh])

    def _push(self, line: Line, in_flight: set[int]) -> None:
        """Send what is due, no more at a time than the server has confirmed to have received (推送)."""
        now = time.monotonic()
        due: list[tuple[str, bytes]] = []
        with self._lock:
            for run in self._runs.values():
                if run.kept:
                    run.lose_patience(now)
                    due += run.due(min(A_WRITE, IN_FLIGHT - len(in_flight) - len(due)), now)
        for at in range(0, len(due), A_WRITE):
            in_flight.update(line.publish(due[at : at + A_WRITE]))

    def _take_receipt(self, topic: str, body: bytes) -> None:
        try:
            told = json.loads(body)
            n, session = int(told["n"]), str(told.get("b", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("an unreadable receipt on %s", topic)
            return
        with self._lock:
            run = self._runs.get(topic[2:-2])
            if run is None:
                return
            before = run.session
            stored = run.told(n, session, time.monotonic())
            if self._journal and run.session != before:
                self._write(run, self._journal.renewed)
            elif self._journal and stored:
                self._write(run, self._journal.stored)
            self._kept -= stored
            self._stored += stored
            self._receipt_at = time.time()
            self._lock.notify_all()

    def _write(self, run: Run, deed: Callable[[Run], None]) -> None:
        """Tell the journal what a receipt changed; what it cannot take now, it takes whole later (补记)."""
        if self._journal is None:
            return
        try:
            (self._journal.renewed if run.device in self._behind else deed)(run)
            self._behind.discard(run.device)
        except Error as error:
            log.warning("the journal cannot be written: %s", error)
            self._behind.add(run.device)
