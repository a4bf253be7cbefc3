from collections.abc import Collection

from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role


def require_surveyor(actor: Actor, codes: Collection[str]) -> None:
    """Refuse all but the operator over these areas and Linli itself: the grid network is drawn by few (划界)."""
    if actor.is_system or (codes and all(actor.holds(Role.OPERATOR, area=code) for code in codes)):
        return
    raise NotPermitted("areas.operator_only", "Only the operator may change areas and the base map.")
