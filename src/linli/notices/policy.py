from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound, NotPermitted
from linli.kernel.role import Role


def require_operator(actor: Actor) -> None:
    """Let only the operator and Linli itself see what was not delivered (运维员); for others it does not exist."""
    if not (actor.is_system or actor.holds(Role.OPERATOR, area="")):
        raise NotFound("notices.no_such_page", "There is no such page.")


def require_person(actor: Actor) -> int:
    """Return the account's number of somebody signed in.

    Raises: NotPermitted for anybody else: who has no account has no inbox.
    """
    if not actor.ref.startswith("user:"):
        raise NotPermitted("notices.sign_in", "Please sign in first.")
    return int(actor.ref.removeprefix("user:"))
