"""The desk's rail (主导航): the addresses of `design.md` §4 that a post has business at."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from linli.kernel.role import Role

WATCHING: Final = frozenset({Role.DISPATCHER, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.OPERATOR})
CASEWORK: Final = WATCHING | {Role.GRID, Role.ACCEPTOR, Role.UNIT, Role.CHECKER}


@dataclass(frozen=True, slots=True)
class Entry:
    """One sign of the rail: path, English word, icon, the roles that see it, and what `also` lies under it."""

    path: str
    word: str
    icon: str
    roles: frozenset[Role]
    also: tuple[str, ...] = ()


RAIL: Final = (
    Entry("/desk/", "Inbox", "inbox", CASEWORK),
    Entry("/field/", "On site", "route", frozenset({Role.GRID, Role.CHECKER})),
    Entry("/desk/things/", "Sensors", "activity", WATCHING | {Role.UNIT}, ("/desk/quarantine", "/desk/base-lines")),
    Entry("/desk/audit", "Audit trail", "history", frozenset({Role.AUDITOR})),
    Entry("/command/", "Command", "map-2", WATCHING),
    Entry("/desk/accounts", "Accounts", "users", frozenset({Role.OPERATOR})),
)


def entries_for(roles: Collection[str]) -> list[Entry]:
    """Return the entries that any of `roles` has business at, in order."""
    return [entry for entry in RAIL if entry.roles & set(roles)]


def current(path: str, entries: Collection[Entry]) -> Entry | None:
    """Return the entry under which `path` lies: the longest address that begins it."""
    under = [(len(start), entry) for entry in entries for start in (entry.path, *entry.also) if path.startswith(start)]
    return max(under, key=lambda found: found[0], default=(0, None))[1]
