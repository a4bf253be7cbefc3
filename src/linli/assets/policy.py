from collections.abc import Collection

from linli.assets.models import Component, ComponentQuerySet
from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role

REGISTRARS = (Role.OPERATOR, Role.DISTRICT, Role.STREET)


def visible_components(actor: Actor) -> ComponentQuerySet:
    """Return the components of the actor's areas and units (可见部件); row security keeps the same line."""
    return Component.objects.all() if actor.is_system or actor.areas or actor.units else Component.objects.none()


def require_registrar(actor: Actor, areas: Collection[str]) -> None:
    """Refuse all but street, district and operator over these areas, and Linli itself (部件登记)."""
    if actor.is_system or (areas and all(_registers(actor, area) for area in areas)):
        return
    raise NotPermitted("assets.registrars_only",
                       "Only the street, the district and the operator may change components.")


def _registers(actor: Actor, area: str) -> bool:
    return any(actor.holds(role, area=area) for role in REGISTRARS)
