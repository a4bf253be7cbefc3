"""What is said aloud when something changed (实时播报): enough to know what to ask for anew, nobody's data."""

import json
from dataclasses import dataclass
from typing import Any

CHANNEL = "linli_live"
LONGEST_BYTES = 7000


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One live event: `area` and `units` decide who hears it."""

    topic: str
    area: str
    units: tuple[int, ...]
    data: dict[str, Any]

    def as_payload(self) -> str:
        """Return it as the JSON that the channel carries.

        Raises: ValueError if it is longer than a notification may be.
        """
        payload = json.dumps(
            {"topic": self.topic, "area": self.area, "units": list(self.units), "data": self.data},
            ensure_ascii=False, separators=(",", ":"), default=str,
        )
        if len(payload.encode()) > LONGEST_BYTES:
            raise ValueError(f"announcement of {len(payload.encode())} bytes")
        return payload
