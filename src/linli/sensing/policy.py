from collections.abc import Collection

from django.db.models import Q, QuerySet

from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
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


def require_an_operator(actor: Actor) -> None:
    """Refuse all but operators of any area, and Linli itself: strangers among senders have no area (隔离查看)."""
    if not actor.is_system and not any(post.role == Role.OPERATOR for post in actor.posts):
        raise NotPermitted("sensing.operators_only", "Only the operator may adopt devices and change their rules.")
