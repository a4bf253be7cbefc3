from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role


def require_operator(actor: Actor) -> None:
    """Refuse all but the operator and Linli itself (日历维护)."""
    if not actor.is_system and not any(post.role == Role.OPERATOR for post in actor.posts):
        raise NotPermitted("calendar.operators_only", "Only the operator may load holidays.")
