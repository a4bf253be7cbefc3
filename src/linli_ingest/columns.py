"""What a batch came to (批次内容): readings in columns, numbers, refusals, statuses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linli_ingest.device import Device
from linli_ingest.parts import Reading, Refused


class Numbered(NamedTuple):
    """A sender's number: of which message, by whom."""

    message: int
    device: Device
    session: str
    n: int


class Refusing(NamedTuple):
    """A refused part: of which message."""

    message: int
    refused: Refused


class Status(NamedTuple):
    """What a device says of itself: in which message, as JSON text."""

    message: int
    device: Device
    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Readings in the order of arrival, each column of shape (n,).

    Attributes:
        slots: which datastream; at_us: microseconds since 1970; flags: `parts.ARRIVAL_TIME` or 0.
        messages: index of the message in its batch.
    """

    slots: NDArray[np.int64]
    at_us: NDArray[np.int64]
    values: NDArray[np.float64]
    flags: NDArray[np.int16]
    messages: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.slots)

    def only(self, chosen: NDArray[Any]) -> "Columns":
        """Return the rows that a mask, or an order, chooses."""
        return Columns(self.slots[chosen], self.at_us[chosen], self.values[chosen], self.flags[chosen],
                       self.messages[chosen])  # fmt: skip

    def side_by_side(self) -> "Columns":
        """Return each datastream's readings together, in the order they had (按流排列).

        Written so, they meet the same pages of the index one after the other: a third less work for the database.
        """
        return self.only(np.argsort(self.slots, kind="stable"))

    @classmethod
    def of(cls, readings: Sequence[Reading], messages: Sequence[int]) -> "Columns":
        """Return readings, and the message each came in, as columns."""
        slots, at_us, values, flags = zip(*readings, strict=True) if readings else ((), (), (), ())
        return cls(np.array(slots, np.int64), np.array(at_us, np.int64), np.array(values, np.float64),
                   np.array(flags, np.int16), np.array(messages, np.int64))  # fmt: skip

    def merged(self, others: "Columns") -> "Columns":
        """Return both in the order of their messages (合并)."""
        both = Columns(*(np.concatenate([getattr(self, name), getattr(others, name)]) for name in Columns.__slots__))
        return both.only(np.argsort(both.messages, kind="stable"))


@dataclass(slots=True)
class Intake:
    """All that one batch holds, each list in the order of arrival."""

    readings: Columns
    numbered: list[Numbered] = field(default_factory=list)
    refused: list[Refusing] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
