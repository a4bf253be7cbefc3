"""What is said aloud to one person when they are told something (实时提示): that there is something, nothing more."""

import json
from typing import Final

CHANNEL: Final = "linli_live"
TOPIC: Final = "notices"


def payload(ref: str) -> str:
    """Return the announcement that this person has something new."""
    return json.dumps({"topic": TOPIC, "area": _place(ref), "units": [], "data": {"kind": "notice"}},
                      separators=(",", ":"))


def scope_of(ref: str) -> dict[str, list[str]]:
    """Return what a stream of one's own notices may carry, as plain values for its token."""
    return {"areas": [_place(ref)], "units": [], "topics": [TOPIC]}


def _place(ref: str) -> str:
    """Return the "area" that is one person; its end keeps `user:7` from hearing what is for `user:70`."""
    return f"{ref};"
