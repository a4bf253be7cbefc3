"""SenML packs (SenML 数据包). Source: RFC 8428 §4.1–4.6; the JSON form, numbers and booleans."""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeGuard

from linli.sensing.domain.refusal import Refusal
from linli_ingest.parts import ARRIVAL_TIME, Parts, Reading, brief, moment_of, number_of

RELATIVE_BELOW_S: Final = 2**28
KNOWN_VERSION: Final = 10


def is_pack(content: Any) -> TypeGuard[list[Any]]:
    """Return whether decoded JSON is a SenML pack: its first record must be named, and our `n` is a number."""
    if not isinstance(content, list) or not content or not isinstance(content[0], dict):
        return False
    return isinstance(content[0].get("bn"), str) or isinstance(content[0].get("n"), str)


def read(slots: Mapping[str, int], records: list[Any], arrived_us: int, parts: Parts) -> None:
    """Add a pack's readings to `parts` (解析数据包).

    The metric is the record's name: whole, without its base, or its last part behind a colon or slash.
    """
    base: dict[str, Any] = {"bn": "", "bt": 0, "bv": 0}
    for record in records:
        if not isinstance(record, dict) or any(str(key).endswith("_") for key in record):
            parts.refuse(Refusal.NOT_A_MESSAGE, record)
            continue
        base.update((key, record[key]) for key in ("bn", "bt", "bv", "bver") if key in record)
        if base.get("bver", KNOWN_VERSION) != KNOWN_VERSION:
            parts.refuse(Refusal.NOT_A_MESSAGE, f"SenML version {base['bver']}")
            return
        if set(record) - {"bn", "bt", "bu", "bv", "bs", "bver"}:
            _read_record(slots, record, base, arrived_us, parts)


def _read_record(
    slots: Mapping[str, int], record: dict[str, Any], base: dict[str, Any], arrived_us: int, parts: Parts
) -> None:
    own = str(record.get("n", ""))
    whole = str(base["bn"]) + own
    metric = next((name for name in (whole, own, re.split("[:/]", whole)[-1]) if name in slots), None)
    if metric is None:
        parts.refuse(Refusal.UNKNOWN_METRIC, whole)
        return
    moment = _moment(base["bt"], record.get("t", 0), arrived_us, parts)
    value = _value(metric, record, base["bv"], parts)
    if moment is not None and value is not None:
        parts.readings.append(Reading(slots[metric], moment[0], value, moment[1]))


def _value(metric: str, record: dict[str, Any], base_value: Any, parts: Parts) -> float | None:
    if "v" not in record:
        return number_of(metric, record.get("vb", record.get("vs")), parts)
    own, added = number_of(metric, record["v"], parts), number_of(metric, base_value, parts)
    return None if own is None or added is None else number_of(metric, own + added, parts)


def _moment(base_s: Any, own_s: Any, arrived_us: int, parts: Parts) -> tuple[int, int] | None:
    for part in (base_s, own_s):
        if isinstance(part, bool) or not isinstance(part, (int, float)):
            parts.refuse(Refusal.BAD_TIME, brief(part))
            return None
    if base_s + own_s >= RELATIVE_BELOW_S:
        return moment_of(base_s + own_s, arrived_us, parts)
    moment = moment_of(arrived_us / 1e6 + base_s + own_s, arrived_us, parts)
    return None if moment is None else (moment[0], ARRIVAL_TIME)
