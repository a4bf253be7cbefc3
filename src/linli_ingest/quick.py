"""Flat objects read together (快速解析): one decode for all, then columns without looking at keys again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from linli_ingest import payload
from linli_ingest.batch import Batch
from linli_ingest.columns import Columns, Intake, Numbered
from linli_ingest.device import Device
from linli_ingest.parts import AHEAD_S, ARRIVAL_TIME, EARLIEST_S, is_storable

NUMBERS: Final = {int, float, bool}
TIMES: Final = {int, float}
OPEN, CLOSE = ord("{"), ord("}")
HUGE: Final = 2**1000


def are_flat(payloads: Sequence[bytes]) -> NDArray[np.bool_]:
    """Return which payloads begin with their only brace and end with their only closing one (是否扁平).

    Of such payloads, joined by commas, as many objects can be decoded only if each object is exactly
    one payload: no sender can shift another's values.
    """
    lengths = np.fromiter(map(len, payloads), np.int64, len(payloads))
    joined = b",".join(payloads) + b","
    text = np.frombuffer(joined, np.uint8)
    starts = np.cumsum(lengths + 1) - lengths - 1
    flat: NDArray[np.bool_] = (lengths >= 2) & (lengths <= payload.LARGEST)
    flat &= (text[starts] == OPEN) & (text[starts + lengths - 1] == CLOSE)
    if joined.count(b"{") != len(payloads) or joined.count(b"}") != len(payloads) or not flat.all():
        for brace in (OPEN, CLOSE):
            flat &= np.add.reduceat(text == brace, starts, dtype=np.int64) == 1
    return flat


def together(payloads: Sequence[bytes]) -> list[dict[str, Any]] | None:
    """Decode flat payloads in one go; None if any of them is no object (合并解码)."""
    try:
        records = msgspec.json.decode(b"[" + b",".join(payloads) + b"]")
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    if len(records) != len(payloads) or not set(map(type, records)) <= {dict}:
        return None
    return list(records)


@dataclass(slots=True)
class _Loose:
    """Columns in the making; `times`, `kept` and `widths` by message, `slots` and `values` by reading."""

    slots: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    times: list[Any] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    untimed: list[int] = field(default_factory=list)
    numbered: list[Numbered] = field(default_factory=list)
    odd: set[int] = field(default_factory=set)


def read(
    batch: Batch, senders: Sequence[Device | None], chosen: Sequence[int], records: Sequence[dict[str, Any]]
) -> tuple[Intake, set[int]]:
    """Read decoded objects into columns; return also the messages that turned out to need care (转入列).

    Args:
        chosen: index of each record's message in the batch.
    """
    loose = _loosen(batch, senders, chosen, records)
    kept, widths = np.array(loose.kept, np.int64), np.array(loose.widths, np.int64)
    messages = np.repeat(kept, widths)
    values, strange_values = _floats(loose.values, NUMBERS)
    seconds, strange_times = _floats(loose.times, TIMES)
    latest_s = batch.token(0).arrived_us / 1e6 + AHEAD_S
    strange_times |= (seconds < EARLIEST_S) | (seconds > latest_s)
    at_us = np.rint(np.where(strange_times, 0.0, seconds) * 1e6).astype(np.int64)
    flags = np.zeros(len(kept), np.int16)
    flags[loose.untimed] = ARRIVAL_TIME
    columns = Columns(
        np.array(loose.slots, np.int64), np.repeat(at_us, widths), values, np.repeat(flags, widths), messages
    )
    numbered, strange = loose.numbered, {*kept[strange_times].tolist(), *messages[strange_values].tolist()}
    if strange:
        columns = columns.only(~np.isin(messages, list(strange)))
        numbered = [number for number in numbered if number.message not in strange]
    return Intake(columns, numbered), loose.odd | strange


def _loosen(
    batch: Batch, senders: Sequence[Device | None], chosen: Sequence[int], records: Sequence[dict[str, Any]]
) -> _Loose:
    loose = _Loose()
    for at, record in zip(chosen, records, strict=True):
        sender = senders[at]
        keys = tuple(record)
        if sender is None or (plan := sender.plans.get(keys) or sender.plan(keys)) is None:
            loose.odd.add(at)
            continue
        content = tuple(record.values())
        if plan.n_at >= 0:
            n, session = content[plan.n_at], content[plan.b_at] if plan.b_at >= 0 else ""
            if not _is_counter(n, session):
                loose.odd.add(at)
                continue
            loose.numbered.append(Numbered(at, sender, session, n))
        if plan.ts_at >= 0:
            loose.times.append(content[plan.ts_at])
        else:
            loose.untimed.append(len(loose.kept))
            loose.times.append(batch.token(at).arrived_us / 1e6)
        loose.slots += plan.slots
        loose.values += plan.take(content)
        loose.widths.append(len(plan.slots))
        loose.kept.append(at)
    return loose


def _is_counter(n: Any, session: Any) -> bool:
    if type(n) is not int or not 1 <= n <= payload.LARGEST_COUNTER:
        return False
    return session == "" or (type(session) is str and len(session) <= payload.LONGEST_SESSION and is_storable(session))


def _floats(found: list[Any], kinds: set[type]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the numbers, and which entries are none that a float can hold."""
    strange = np.zeros(len(found), np.bool_)
    if not set(map(type, found)) <= kinds:
        strange = np.array([type(one) not in kinds for one in found], np.bool_)
        found = [0.0 if bad else one for one, bad in zip(found, strange, strict=True)]
    try:
        numbers = np.array(found, np.float64)
    except OverflowError:
        numbers = np.array([np.inf if abs(one) > HUGE else one for one in found], np.float64)
    return numbers, strange | ~np.isfinite(numbers)
