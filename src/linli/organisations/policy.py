from collections.abc import Collection

from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role

REGISTRARS = (Role.OPERATOR, Role.DISTRICT)


OVERSEERS = (*REGISTRARS, Role.DISPATCHER)


def overseen_areas(actor: Actor) -> list[str]:
    """Return the areas in which this actor looks after units (单位管理范围).

    Raises: NotPermitted for all but the dispatcher, the district and the operator.
    """
    areas = [""] if actor.is_system else sorted({post.area for post in actor.posts if post.role in OVERSEERS})
    if not areas:
        raise NotPermitted("organisations.overseers_only", "Only the dispatcher, the district and the operator look"
                           " after units.")
    return areas


def may_register(actor: Actor, area: str) -> bool:
    """Return whether this actor may change the units of an area (单位登记)."""
    return actor.is_system or _registers(actor, area)


def require_registrar(actor: Actor, areas: Collection[str]) -> None:
    """Refuse all but the operator and the district over these areas, and Linli itself (单位登记)."""
    if actor.is_system or (areas and all(_registers(actor, area) for area in areas)):
        return
    raise NotPermitted("organisations.registrars_only", "Only the district and the operator may change units.")


def _registers(actor: Actor, area: str) -> bool:
    return any(actor.holds(role, area=area) for role in REGISTRARS)
