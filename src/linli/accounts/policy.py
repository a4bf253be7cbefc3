from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound, NotPermitted
from linli.kernel.role import Role


def require_operator(actor: Actor) -> None:
    """Refuse all but the operator of this deployment (运维员) and Linli itself."""
    if not (actor.is_system or actor.holds(Role.OPERATOR, area="")):
        raise NotPermitted("accounts.operator_only", "Only the operator may manage accounts.")


def require_self(actor: Actor, user_id: int) -> None:
    """Refuse whoever would touch another's password or sessions (仅限本人)."""
    if actor.ref != f"user:{user_id}":
        raise NotPermitted("accounts.own_only", "Only the owner of the account may do this.")


def sees_trail(actor: Actor) -> bool:
    """Return whether this actor reads the audit trail (审计查阅): the auditor of all areas, for deeds have no area."""
    return actor.holds(Role.AUDITOR, area="")


def require_trail(actor: Actor) -> None:
    """Raise NotFound for whoever does not read the trail: for them there is none."""
    if not sees_trail(actor):
        raise NotFound("accounts.no_page", "There is no such page.")
