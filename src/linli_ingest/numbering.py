"""Receipts (回执): up to which number every message of a sender is stored. Counted, never guessed from time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from linli_ingest.columns import Numbered
from linli_ingest.device import Device

SESSIONS_KEPT: Final = 8


@dataclass(slots=True)
class Answers:
    """Whom a batch has to be answered to.

    Attributes:
        moved: runs that grew, with their new end; touched: all that sent a number, moved or not.
        forgotten: the oldest session of a device that began too many.
    """

    moved: dict[tuple[Device, str], int] = field(default_factory=dict)
    touched: dict[tuple[Device, str], None] = field(default_factory=dict)
    forgotten: list[tuple[Device, str]] = field(default_factory=list)


def advance(numbered: Iterable[Numbered]) -> Answers:
    """Let each device's run grow over the numbers that follow it without gap (推进回执).

    A number beyond a gap moves nothing: its reading is stored all the same, and the sender, who is
    told where the run ends, sends everything above once more.
    """
    answers = Answers()
    for _, device, session, n in numbered:
        run = device, session
        end = device.acked.get(session, 0)
        if n == end + 1:
            device.acked[session] = answers.moved[run] = n
        answers.touched[run] = None
    for device in {device for device, _ in answers.moved}:
        while len(device.acked) > SESSIONS_KEPT:
            oldest = next(iter(device.acked))
            del device.acked[oldest]
            answers.moved.pop((device, oldest), None)
            answers.forgotten.append((device, oldest))
    return answers


def messages(answers: Answers) -> bytes:
    """Return the receipts as the message server takes them, one for each run that was touched."""
    return b"".join(_receipt(device, session) for device, session in answers.touched)


def _receipt(device: Device, session: str) -> bytes:
    n = device.acked.get(session, 0)
    body = b'{"n": %d, "b": %s}' % (n, msgspec.json.encode(session)) if session else b'{"n": %d}' % n
    return b"PUB %s %d\r\n%s\r\n" % (device.receipts_to, len(body), body)
