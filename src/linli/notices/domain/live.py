"""What is said aloud to one person when they are told something (实时提示): that there is something, nothing more."""

import json
from typing import Final

CHANNEL: Final = "linli_live"


def topic_of(ref: str) -> str:
    """Return the live topic that one person alone hears."""
    return f"notices.{ref}"


def payload(ref: str) -> str:
    """Return the announcement that this person has something new."""
    return json.dumps({"topic": topic_of(ref), "area": "", "units": [], "data": {"kind": "notice"}},
                      separators=(",", ":"))


def scope_of(ref: str) -> dict[str, list[str]]:
    """Return what a stream of one's own notices may carry, as plain values for its token."""
    return {"areas": [""], "units": [], "topics": [topic_of(ref)]}
