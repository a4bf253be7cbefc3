from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from linli.accounts import policy
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
        give(User.objects.create(username=username, name=name, password=password), posts[username], actor)


def give(user: User, posts: list[NewPost], actor: Actor) -> None:
    """Give a new account its posts, and say in the trail that it was made (授予岗位)."""
    now = clock.now()
    Post.objects.bulk_create(
        Post(user=user, role=p.role.value, name=p.name, area_code=p.area, unit_id=p.unit, valid_from=now) for p in posts
    )
    audit.record("accounts.create", actor=actor, target=f"user:{user.pk}",
                 posts=[[p.role.value, p.area, p.unit] for p in posts])
