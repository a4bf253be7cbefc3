from collections.abc import Collection

from django.db.models import Q, QuerySet

from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound, NotPermitted
from linli.kernel.role import Role
from linli.sensing.domain.sight import SEES_AREA
from linli.sensing.models import Thing


def visible_things(actor: Actor) -> QuerySet[Thing]:
    """Return the devices in the areas of this actor's posts (可见设备), all of them for Linli itself."""
    if actor.is_system:
        return Thing.objects.all()
    seen = Q(pk__in=[])
    for post in actor.posts:
        if post.role in SEES_AREA:
            seen |= Q(area_code__startswith=post.area)
    return Thing.objects.filter(seen)


def require_operator(actor: Actor, areas: Collection[str]) -> None:
    """Refuse all but the operator over these areas, and Linli itself (设备运维)."""
    if actor.is_system or (areas and all(actor.holds(Role.OPERATOR, area=area) for area in areas)):
        return
    raise NotPermitted("sensing.operators_only", "Only the operator may adopt devices and change their rules.")


def sees_quarantine(actor: Actor) -> bool:
    """Return whether this actor sees what was refused of anybody (隔离查看): Linli, and the operator of all areas.

    A stranger among senders belongs to no area, so nobody's area is enough. What was refused of a device in service
    stands on that device's own page, for whoever sees the device.
    """
    return actor.is_system or actor.holds(Role.OPERATOR, area="")


def require_quarantine(actor: Actor) -> None:
    """Raise NotFound for whoever does not see the quarantine: for them there is none."""
    if not sees_quarantine(actor):
        raise NotFound("sensing.no_page", "There is no such page.")
