"""What devices say of themselves on `d/<device>/s` (设备状态)."""

import json
from typing import Final

import msgspec

from linli.sensing.domain.refusal import Refusal
from linli_ingest.parts import Refused, brief

LARGEST: Final = 4096


def read(body: bytes) -> str | Refused:
    """Return a status object as JSON text the database takes, or why not (解析状态)."""
    if len(body) > LARGEST:
        return Refused(Refusal.BAD_STATUS, f"{len(body)} bytes")
    try:
        told = msgspec.json.decode(body)
        text = json.dumps(told, ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return Refused(Refusal.BAD_STATUS, brief(error))
    if not isinstance(told, dict) or "\\u0000" in text:
        return Refused(Refusal.BAD_STATUS, brief(body.decode("utf-8", "replace")))
    return text
