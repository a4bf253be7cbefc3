from collections.abc import Collection

from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role

REGISTRARS = (Role.OPERATOR, Role.DISTRICT)


def require_registrar(actor: Actor, areas: Collection[str]) -> None:
    """Refuse all but the operator and the district over these areas, and Linli itself (单位登记)."""
    if actor.is_system or (areas and all(_registers(actor, area) for area in areas)):
        return
    raise NotPermitted("organisations.registrars_only", "Only the district and the operator may change units.")


def _registers(actor: Actor, area: str) -> bool:
    return any(actor.holds(role, area=area) for role in REGISTRARS)
