from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role


def require_operator(actor: Actor) -> None:
    """Refuse all but the operator of this deployment (运维员) and Linli itself."""
    if not (actor.is_system or actor.holds(Role.OPERATOR, area="")):
        raise NotPermitted("accounts.operator_only", "Only the operator may manage accounts.")
