"""The desk's rail (主导航): the addresses of `design.md` §4 that a post has business at."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from linli.kernel.role import Role

WATCHING: Final = frozenset({Role.DISPATCHER, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.OPERATOR})
CASEWORK: Final = WATCHING | {Role.GRID, Role.ACCEPTOR, Role.UNIT, Role.CHECKER}


@dataclass(frozen=True, slots=True)
class Entry:
    """One sign of the rail: its path, its English word, its icon and the roles that see it."""

    path: str
    word: str
    icon: str
    roles: frozenset[Role]


RAIL: Final = (
    Entry("/desk/", "Inbox", "inbox", CASEWORK),
    Entry("/field/", "On site", "route", frozenset({Role.GRID, Role.CHECKER})),
    Entry("/desk/things/", "Sensors", "activity", WATCHING | {Role.UNIT}),
    Entry("/desk/audit", "Audit trail", "history", frozenset({Role.AUDITOR})),
    Entry("/command/", "Command", "map-2", WATCHING),
)


def entries_for(roles: Collection[str]) -> list[Entry]:
    """Return the entries that any of `roles` has business at, in order."""
    return [entry for entry in RAIL if entry.roles & set(roles)]


def current(path: str, entries: Collection[Entry]) -> Entry | None:
    """Return the entry under which `path` lies: the longest address that begins it."""
    under = [entry for entry in entries if path.startswith(entry.path)]
    return max(under, key=lambda entry: len(entry.path), default=None)
