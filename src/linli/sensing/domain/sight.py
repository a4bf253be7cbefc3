"""Which posts see the devices of their area (设备可见范围)."""

from typing import Final

from linli.kernel.role import Role

SEES_AREA: Final = frozenset({
    Role.GRID, Role.ACCEPTOR, Role.DISPATCHER, Role.CHECKER, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR,
    Role.OPERATOR,
})
