"""What each reader is answered at each address (应答): worked out from `policy.json` and `routes.json`.

An address has a door, perhaps a thing behind it, and perhaps a post that alone may write (`by`). Who does not get
through the door hears what the door says; for who does not see the thing there is none; who sees it but may not do
the deed is told so; everybody else gets what the address gives. `but` names the exceptions, each with its reason.
"""

import json
from pathlib import Path
from typing import Any, Final

from tests.access.readers import ANONYMOUS, WHO

HERE = Path(__file__).parent
POLICY: Final[dict[str, dict[str, Any]]] = json.loads((HERE / "policy.json").read_text())
ROWS: Final[dict[str, dict[str, Any]]] = json.loads((HERE / "routes.json").read_text())
VERBS: Final = {"GET": "read", "POST": "write"}


def readers(names: list[str]) -> set[str]:
    """Return the readers meant, groups unfolded."""
    groups = POLICY["groups"]
    return {who for name in names for who in (readers(groups[name]) if name in groups else [name])}


def takes(row: str, method: str) -> bool:
    """Return whether the address takes this method at all."""
    return VERBS.get(method) in ROWS[row]


def at_the_door(row: str, who: str) -> int | None:
    """Return what the door says to who does not get through, None to who does."""
    door = POLICY["doors"][ROWS[row]["door"]]
    if who in readers(door["in"]):
        return None
    if who == ANONYMOUS:
        return int(door.get("strangers", 401 if row.startswith("/api/") else 302))
    return int(door["others"])


def sees(row: str, who: str) -> bool:
    """Return whether the thing behind the address is there for this reader."""
    thing = ROWS[row].get("thing")
    return thing is None or who in readers(POLICY["things"][thing]["seen by"])


def answer(row: str, method: str, who: str) -> int:
    """Return the status that this reader gets."""
    refused = at_the_door(row, who)
    if refused is not None:
        return refused
    about = ROWS[row]
    if not takes(row, method):
        return 405
    if not sees(row, who):
        return 404
    if method == "POST" and who in about.get("but", {}):
        return int(about["but"][who])
    if method == "POST" and who not in readers(about.get("by", [who])):
        return 403
    return int(about[VERBS[method]])


def answers(row: str, method: str) -> dict[str, int]:
    """Return each reader's status."""
    return {who: answer(row, method, who) for who in WHO}
