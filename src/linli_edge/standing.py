"""What a sender tells of itself (发送器现状)."""

from typing import NamedTuple

from linli_edge.journal import Extent


class NotStored(Exception):
    """There is no room to keep another message: what came before is not told stored."""


class Progress(NamedTuple):
    """How many messages were handed in, how many of them are told stored, and whether the line is up."""

    handed_in: int
    stored: int
    connected: bool


class Standing(NamedTuple):
    """How a sender stands (现状): what it keeps, and what came last of its line.

    Attributes:
        oldest_at, receipt_at: epoch seconds by this machine's clock; None = nothing kept, none came.
        said: why the line is down; empty while it is up.
        journal_said: why the journal cannot be written; empty while it can.
    """

    kept: int
    room: int
    devices: int
    extent: Extent | None
    oldest_at: int | None
    receipt_at: float | None
    said: str
    journal_said: str
