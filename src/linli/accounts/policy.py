from collections.abc import Collection

from django.db.models import QuerySet

from linli.accounts.models import Post, User
from linli.kernel import clock
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


def administered(actor: Actor) -> list[str]:
    """Return the areas whose accounts this actor looks after (账号管理范围).

    Raises: NotPermitted for all but operators and Linli itself.
    """
    areas = [""] if actor.is_system else sorted({post.area for post in actor.posts if post.role == Role.OPERATOR})
    if not areas:
        raise NotPermitted("accounts.operator_only", "Only the operator may manage accounts.")
    return areas


def visible_accounts(actor: Actor) -> QuerySet[User]:
    """Return the accounts that this actor looks after (可管账号): who holds, or held, a post in their areas.

    Raises: NotPermitted for all but operators and Linli itself.
    """
    areas = administered(actor)
    return User.objects.all() if "" in areas else User.objects.filter(
        pk__in=Post.objects.within(areas).values("user"))


def is_within(actor: Actor, place: str) -> bool:
    """Return whether a post over `place` is this actor's to give and to take (岗位授权范围)."""
    return any(place.startswith(area) for area in administered(actor))


def require_within(actor: Actor, places: Collection[str]) -> None:
    """Refuse to give or take a post that reaches beyond the actor's own areas (越权授权)."""
    if not all(is_within(actor, place) for place in places):
        raise NotPermitted("accounts.beyond_own_area", "This reaches beyond the area whose accounts you look after.")


def is_over(actor: Actor, user_id: int) -> bool:
    """Return whether the account itself is this actor's to end and to open again: all its posts are in their areas."""
    held = Post.objects.filter(user=user_id).in_force(clock.now())
    return not held.exclude(pk__in=held.within(administered(actor)).values("pk")).exists()


def require_over(actor: Actor, user_id: int) -> None:
    """Refuse to end or open an account that has business elsewhere too (账号归属)."""
    if not is_over(actor, user_id):
        raise NotPermitted("accounts.beyond_own_area", "This reaches beyond the area whose accounts you look after.")


def sees_trail(actor: Actor) -> bool:
    """Return whether this actor reads the audit trail (审计查阅): the auditor of all areas, for deeds have no area."""
    return actor.holds(Role.AUDITOR, area="")


def require_trail(actor: Actor) -> None:
    """Raise NotFound for whoever does not read the trail: for them there is none."""
    if not sees_trail(actor):
        raise NotFound("accounts.no_page", "There is no such page.")
