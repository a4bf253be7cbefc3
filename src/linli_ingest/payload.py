"""One message read with care (逐条解析): whatever is good in it is taken, whatever is not gets its reason."""

import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from linli.sensing.domain.refusal import Refusal
from linli_ingest import senml
from linli_ingest.parts import ARRIVAL_TIME, Number, Parts, Reading, is_storable, moment_of, number_of

LARGEST: Final = 64 * 1024
LARGEST_COUNTER: Final = 2**62
LONGEST_SESSION: Final = 64
RESERVED: Final = ("ts", "n", "b")


def read(slots: Mapping[str, int], payload: bytes, arrived_us: int, asked_us: int = 0) -> Parts:
    """Read a telemetry message (解析遥测): an object, an array of objects, or a SenML pack.

    Args:
        slots: the device's metrics and the slot of each.
        arrived_us: arrival, microseconds since 1970; stands in for a missing `ts`.
        asked_us: see `Parts`.
    """
    parts = Parts(asked_us)
    content = decoded(payload, parts)
    if parts.refused:
        return parts
    if senml.is_pack(content):
        senml.read(slots, content, arrived_us, parts)
        return parts
    for record in content if isinstance(content, list) else [content]:
        if isinstance(record, dict):
            _read_record(slots, record, arrived_us, parts)
        else:
            parts.refuse(Refusal.NOT_A_MESSAGE, record)
    return parts


def decoded(payload: bytes, parts: Parts) -> Any:
    """Return the JSON content; what cannot be read is noted in `parts` (解码).

    NaN and Infinity are no JSON, but devices write them: they are read, so that only those values are refused.
    """
    if len(payload) > LARGEST:
        parts.refuse(Refusal.TOO_LARGE, f"{len(payload)} bytes")
        return None
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, ValueError, RecursionError):
        pass
    try:
        return json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        parts.refuse(Refusal.NOT_JSON, error)
        return None


def _read_record(slots: Mapping[str, int], record: dict[str, Any], arrived_us: int, parts: Parts) -> None:
    _read_number(record, parts)
    moment = moment_of(record["ts"], arrived_us, parts) if "ts" in record else (arrived_us, ARRIVAL_TIME)
    if moment is None:
        return
    for metric, value in record.items():
        if metric in RESERVED:
            continue
        if metric not in slots:
            parts.refuse(Refusal.UNKNOWN_METRIC, metric)
        elif (number := number_of(metric, value, parts)) is not None:
            parts.readings.append(Reading(slots[metric], moment[0], number, moment[1]))


def _read_number(record: dict[str, Any], parts: Parts) -> None:
    if "n" not in record:
        return
    n, session = record["n"], record.get("b", "")
    if isinstance(n, float) and n.is_integer():
        n = int(n)
    if type(session) is int:
        session = str(session)
    whole = type(n) is int and 1 <= n <= LARGEST_COUNTER
    if whole and isinstance(session, str) and len(session) <= LONGEST_SESSION and is_storable(session):
        parts.numbers.append(Number(session, n))
    else:
        parts.refuse(Refusal.BAD_COUNTER, {"n": n, "b": session})
