from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from linli.accounts import policy
from linli.accounts.actions.password import require_strong
from linli.accounts.models import Post, User
from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.role import Role

DEMO_PASSWORD: Final = "linli-demo"  # noqa: S105  # printed on the demo's sign-in page, made by --demo only


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """A post to be given (拟授岗位)."""

    role: Role
    name: str
    area: str = ""
    unit: int | None = None


@transaction.atomic
def create_user(username: str, name: str, password: str, posts: list[NewPost], *, actor: Actor) -> User:
    """Create an account with its posts (建立账号).

    Raises: NotPermitted unless the actor operates this deployment; Invalid if the password is too weak.
    """
    policy.require_operator(actor)
    require_strong(password, [username, name])
    user = User.objects.create(username=username, name=name, password=make_password(password))
    _give(user, posts, actor)
    return user


@transaction.atomic
def make_demo_accounts(posts: dict[str, list[NewPost]], *, actor: Actor) -> None:
    """Create the demo's accounts with the demo's password, leaving those that exist (演示账号).

    Args:
        posts: username to the posts of that account; the account is named after its first post.
    """
    policy.require_operator(actor)
    known = set(User.objects.filter(username__in=posts).values_list("username", flat=True))
    password = make_password(DEMO_PASSWORD)
    for username in posts.keys() - known:
        name = posts[username][0].name if posts[username] else username
        _give(User.objects.create(username=username, name=name, password=password), posts[username], actor)


def _give(user: User, posts: list[NewPost], actor: Actor) -> None:
    now = clock.now()
    Post.objects.bulk_create(
        Post(user=user, role=p.role.value, name=p.name, area_code=p.area, unit_id=p.unit, valid_from=now) for p in posts
    )
    audit.record("accounts.create", actor=actor, target=f"user:{user.pk}",
                 posts=[[p.role.value, p.area, p.unit] for p in posts])
