"""Which posts see the cases of their area (案件可见范围); a unit sees its own cases instead."""

from typing import Final

from linli.kernel.role import Role

SEES_AREA: Final = frozenset({
    Role.GRID, Role.ACCEPTOR, Role.DISPATCHER, Role.CHECKER, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR,
})
