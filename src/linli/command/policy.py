from linli.command.domain import sight
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound, NotPermitted


def require_watching(actor: Actor) -> None:
    """Refuse whoever has no post at the board (看板权限): for them there is none."""
    if not sight.may_watch(actor):
        raise NotFound("command.no_board", "There is no such page.")


def require_live(actor: Actor) -> None:
    """Refuse the live feed to whoever has no post that watches (推送权限)."""
    if not sight.may_watch(actor):
        raise NotPermitted("command.no_live", "Live events are for posts on duty. Please sign in.")
