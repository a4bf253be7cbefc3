from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role


def require_operator(actor: Actor) -> None:
    """Refuse all but the operator of this deployment (运维员) and Linli itself."""
    if not (actor.is_system or actor.holds(Role.OPERATOR, area="")):
        raise NotPermitted("accounts.operator_only", "Only the operator may manage accounts.")


def require_self(actor: Actor, user_id: int) -> None:
    """Refuse whoever would touch another's password or sessions (仅限本人)."""
    if actor.ref != f"user:{user_id}":
        raise NotPermitted("accounts.own_only", "Only the owner of the account may do this.")
