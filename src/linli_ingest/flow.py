"""What became of every message (收支平衡): counted in the transaction that stores it, so that in equals out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray

from linli_ingest.batch import Batch
from linli_ingest.columns import Intake, Refusing
from linli_ingest.device import Device


class Outcome(IntEnum):
    """What a message came to; the highest of what its parts came to."""

    EMPTY = 0  # no reading in it
    STATUS = 1
    REPEATED = 2  # each of its readings was stored before
    STORED = 3
    QUARANTINED = 4  # at least one part refused


STRANGERS: Final = ""  # the family of whoever is not adopted
_ADD: Final = """
    INSERT INTO metrics_flow AS f (family, empty, statuses, repeated, stored, quarantined)
    SELECT * FROM unnest(%s::text[], %s::int8[], %s::int8[], %s::int8[], %s::int8[], %s::int8[])
    ON CONFLICT (family) DO UPDATE SET empty = f.empty + excluded.empty, statuses = f.statuses + excluded.statuses,
      repeated = f.repeated + excluded.repeated, stored = f.stored + excluded.stored,
      quarantined = f.quarantined + excluded.quarantined
"""
_PASSAGE: Final = """
    INSERT INTO metrics_passage AS p (stream, passed) VALUES (%s, %s)
    ON CONFLICT (stream) DO UPDATE SET passed = p.passed + excluded.passed
"""


def outcomes(
    batch: Batch, intake: Intake, refused: Iterable[Refusing], fresh: NDArray[np.int64]
) -> NDArray[np.int8]:
    """Return each message's outcome, shape (messages,) (逐条去向).

    Args:
        refused: all that was refused, what contradicts the stored too.
        fresh: the messages of which at least one reading was not stored before.
    """
    found = np.zeros(len(batch), np.int8)
    found[[status.message for status in intake.statuses]] = Outcome.STATUS
    found[intake.readings.messages] = Outcome.REPEATED
    found[fresh] = Outcome.STORED
    found[[at for at, _ in refused]] = Outcome.QUARANTINED
    return found


def by_family(batch: Batch, devices: Mapping[bytes, Device], found: NDArray[np.int8]) -> dict[str, list[int]]:
    """Return, for each family of devices, how many messages had each outcome (按设备类计数)."""
    families: dict[str, list[int]] = {}
    for (subject, outcome), count in Counter(zip(batch.subjects, found.tolist(), strict=True)).items():
        device = devices.get(subject[:-1] + b"t")
        counts = families.setdefault(device.family if device else STRANGERS, [0] * len(Outcome))
        counts[outcome] += count
    return families


def write(cursor: psycopg.Cursor[Any], families: Mapping[str, list[int]]) -> None:
    """Add the counts to the table (写入计数)."""
    names = sorted(families)
    cursor.execute(_ADD, [names, *(list(column) for column in zip(*(families[name] for name in names), strict=True))])


def write_passed(cursor: psycopg.Cursor[Any], stream: str, passed: int) -> None:
    """Add how far the stream's own numbers went on, which is further than was read if it dropped some (写入进度)."""
    cursor.execute(_PASSAGE, [stream, passed])
