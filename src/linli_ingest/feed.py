"""The stream of telemetry (遥测流), read in order from behind the cursor."""

import json
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from linli_ingest.batch import Batch, token_of
from linli_ingest.wire import Frame, LineLost, Wire, read_json, status_of

STREAM: Final = "TELEMETRY"
SUBJECTS: Final = ["d.*.t", "d.*.s"]
KEPT_DAYS: Final = 7
SIZES: Final = (8 * 2**30, 2 * 2**30, 512 * 2**20)  # the first that the server's store has room for
NO_ROOM: Final = {10023, 10028, 10047}
NOT_FOUND: Final = {10037, 10059}
CREDIT: Final = 49_152
CREDIT_BYTES: Final = 32 * 2**20
PULL_LASTS_S: Final = 20
HEARTBEAT_S: Final = 1.0
SILENCE_S: Final = 4.0
SECOND_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Position:
    """The last message whose effect is stored (游标), and which stream it was in.

    Attributes:
        created: when that stream was made, as the server says it; "" = nothing read yet.
        arrived_ns: the message's own time, so that a message of the same number written later is told apart.
    """

    created: str = ""
    seq: int = 0
    arrived_ns: int = 0


class Feed:
    """An ordered reader of the stream: an ephemeral consumer of ours, its messages numbered without gap.

    Attributes:
        done_to: number of the last message whose effect is stored, as far as this stream goes; 0 = none yet.
    Raises: LineLost from every method; the reader is then of no more use.
    """

    def __init__(self, url: str) -> None:
        self.wire = Wire(url)
        self.inbox = f"_INBOX.{secrets.token_hex(8)}"
        self.created = ""
        self.done_to = 0
        self.waiting = 0
        self._consumer = ""
        self._delivery = 0
        self._credit = self._pulls = 0
        self._heard_at = time.monotonic()
        self.wire.send(b"SUB %s.api 1\r\nSUB %s.m.* 2\r\n" % (self.inbox.encode(), self.inbox.encode()))

    def open(self, stored: Position) -> None:
        """Start reading behind `stored`, or at the stream's beginning if that is not its past (定位).

        A stream that was made anew, or lost its end in a power cut and wrote other messages there,
        is read from its start: what was stored already is recognised and does no harm.
        """
        found = self._stream()
        self.created = found["created"]
        start: dict[str, Any] = {"deliver_policy": "all"}
        self.done_to = 0
        if stored.seq and stored.created == self.created and self._time_of(stored.seq) == stored.arrived_ns:
            start = {"deliver_policy": "by_start_sequence", "opt_start_seq": stored.seq + 1}
            self.done_to = stored.seq
        elif stored.created == self.created and found["state"]["first_seq"] > stored.seq:
            self.done_to = stored.seq  # what lies between was dropped unread
        config = {**start, "ack_policy": "none", "replay_policy": "instant", "mem_storage": True, "num_replicas": 1,
                  "inactive_threshold": 60 * SECOND_NS}  # fmt: skip
        answer = self._ask(f"CONSUMER.CREATE.{STREAM}", {"stream_name": STREAM, "config": config})
        self._consumer = answer["name"]
        self.waiting = int(answer["num_pending"])
        self._delivery = self._credit = 0
        self._heard_at = time.monotonic()

    def close(self) -> None:
        """Leave the stream."""
        self.wire.close()

    def wait(self, wait_s: float) -> None:
        """Wait until something has come, at most `wait_s`; a server that says nothing for long is lost (等待)."""
        self._pull()
        if self.wire.has_more(wait_s):
            self._heard_at = time.monotonic()
        elif time.monotonic() - self._heard_at > SILENCE_S:
            raise LineLost("the message server fell silent")

    def gather(self, limit: int) -> Batch:
        """Return what is there, and no more than about `limit` messages (收集).

        While a batch is being stored the next one gathers in the sockets' buffers.
        """
        batch = Batch()
        while len(batch) < limit and self.wire.has_more(0.0):
            self._take(self.wire.frames(0.0), batch)
            self._pull()
        if len(batch):
            self.waiting = token_of(batch.replies[-1]).waiting
        return batch

    def _take(self, frames: list[Frame], into: Batch) -> None:
        first = len(into)
        for frame in frames:
            if frame.reply.startswith(b"$JS.ACK."):
                into.subjects.append(frame.subject)
                into.payloads.append(frame.body)
                into.replies.append(frame.reply)
            elif (status := status_of(frame)) is not None:
                self._settle(*status)
        count = len(into) - first
        if count:
            self._credit -= count
            self._delivery += count
            if token_of(into.replies[-1]).delivery != self._delivery:
                raise LineLost("the stream's delivery has a gap")

    def _settle(self, code: int, headers: dict[str, str]) -> None:
        if code == 100:
            return
        if "Nats-Pending-Messages" not in headers:
            raise LineLost(f"the consumer is gone (status {code})")
        self._credit -= int(headers["Nats-Pending-Messages"])

    def _pull(self) -> None:
        if self._credit > CREDIT // 2:
            return
        wanted = CREDIT - self._credit
        request = {"batch": wanted, "max_bytes": CREDIT_BYTES, "expires": PULL_LASTS_S * SECOND_NS,
                   "idle_heartbeat": int(HEARTBEAT_S * SECOND_NS)}  # fmt: skip
        self._pulls += 1
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{self._consumer}"
        self.wire.publish(subject, json.dumps(request).encode(), f"{self.inbox}.m.{self._pulls}")
        self._credit += wanted

    def _stream(self) -> dict[str, Any]:
        """Return what the server knows of the stream, made first if it is not there."""
        found = self._ask(f"STREAM.INFO.{STREAM}", {}, tolerate=NOT_FOUND)
        for size in SIZES:
            if "created" in found:
                return found
            found = self._ask(f"STREAM.CREATE.{STREAM}", {
                "name": STREAM, "subjects": SUBJECTS, "retention": "limits", "storage": "file", "discard": "old",
                "max_age": KEPT_DAYS * 86400 * SECOND_NS, "max_bytes": size,
            }, tolerate=NO_ROOM if size != SIZES[-1] else set())  # fmt: skip
        return found

    def _time_of(self, seq: int) -> int:
        answer = self._ask(f"STREAM.MSG.GET.{STREAM}", {"seq": seq}, tolerate=NOT_FOUND)
        return nanoseconds(answer["message"]["time"]) if "message" in answer else 0

    def _ask(self, call: str, request: dict[str, Any], tolerate: set[int] | None = None) -> dict[str, Any]:
        self.wire.publish(f"$JS.API.{call}", json.dumps(request).encode(), f"{self.inbox}.api")
        deadline = time.monotonic() + SILENCE_S
        while time.monotonic() < deadline:
            for frame in self.wire.frames(0.2):
                if frame.sid == b"1" and status_of(frame) is None:
                    answer = read_json(frame.body)
                    error = answer.get("error")
                    if error and error.get("err_code") not in (tolerate or set()):
                        raise LineLost(f"{call}: {error.get('description')}")
                    return answer
        raise LineLost(f"{call}: no answer")


def nanoseconds(text: str) -> int:
    """Return nanoseconds since 1970 of a time with up to nine decimals and a Z (纳秒)."""
    whole, _, decimals = text.removesuffix("Z").partition(".")
    seconds = int(datetime.fromisoformat(whole + "+00:00").timestamp())
    return seconds * SECOND_NS + int((decimals + "000000000")[:9])
