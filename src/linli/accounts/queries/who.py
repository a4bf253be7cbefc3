import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q

from linli.accounts.domain.device import Device
from linli.accounts.models import Post, Session, User
from linli.kernel import actor, clock
from linli.kernel.role import Role

NUMBERED: Final = re.compile(r"user:[0-9]+")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of the demo (演示账号), as its sign-in page lists it."""

    username: str
    post_name: str


def demo_accounts() -> list[DemoAccount]:
    """Return the accounts that `--demo` makes: one per role, named like it, in the order of the roles."""
    found = User.objects.filter(username__in=list(Role), is_active=True).values_list("username", "pk")
    users = dict(found)
    posts = names_of_posts([f"user:{pk}" for pk in users.values()])
    return [DemoAccount(role.value, posts.get(f"user:{users[role.value]}", "")) for role in Role if role.value in users]


def actor_for(user: User) -> actor.Actor:
    """Return the plain value under which `user` acts now (行为人): their posts in force, read once."""
    posts = Post.objects.filter(user=user).in_force(clock.now()).order_by("id")
    return actor.Actor(f"user:{user.pk}", tuple(actor.Post(p.role, p.area_code, p.unit_id, p.purpose) for p in posts))


def post_name(user: User) -> str:
    """Return the name of the first post somebody holds, such as `受理岗 03`; their own name if none."""
    post = Post.objects.filter(user=user).in_force(clock.now()).order_by("id").first()
    return post.name if post else user.name


def names_of_posts(refs: list[str]) -> dict[str, str]:
    """Return for actors (`user:7`) the name of their post: on screens stand posts, not persons."""
    ids = [int(ref.removeprefix("user:")) for ref in refs if NUMBERED.fullmatch(ref)]
    posts = Post.objects.filter(user_id__in=ids).in_force(clock.now()).order_by("-id")
    return {f"user:{post.user_id}": post.name for post in posts}


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where somebody is signed in (在线会话), as its owner sees it; `mark` is what a form names it by."""

    mark: str
    device: Device
    made_at: datetime
    seen_at: datetime
    is_this: bool


def mark_of(session_key: str) -> str:
    """Return what names a session on a page without opening it (会话标识)."""
    return hashlib.sha256(f"session:{session_key}".encode()).hexdigest()[:16]


def sessions_of(user: User, this: str | None) -> list[OpenSession]:
    """Return where somebody is signed in now, this browser first, then the latest used (我的会话)."""
    rows = Session.objects.filter(user=user).open(clock.now()).order_by("-seen_at")
    found = [OpenSession(mark_of(row.session_key), Device(row.device or Device.PROGRAM), row.made_at, row.seen_at,
                         row.session_key == this) for row in rows]
    return sorted(found, key=lambda session: not session.is_this)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many accounts of a unit can be reached, and how many are shut (可联系账号)."""

    open: int = 0
    shut: int = 0


def reach_of_units(unit_ids: Collection[int]) -> dict[int, Reach]:
    """Return for each of these units the accounts that hold a post of it now (单位账号), by one query."""
    rows = Post.objects.filter(unit__in=list(unit_ids)).in_force(clock.now()).values("unit").annotate(
        open=Count("user", distinct=True, filter=Q(user__is_active=True)),
        shut=Count("user", distinct=True, filter=Q(user__is_active=False)))
    found = {row["unit"]: Reach(row["open"], row["shut"]) for row in rows}
    return {unit: found.get(unit, Reach()) for unit in unit_ids}


def holders(roles: Collection[str]) -> list[tuple[str, actor.Post]]:
    """Return who holds a post of one of these roles now, and the post (在岗人员): actor and post, one query."""
    posts = Post.objects.filter(role__in=list(roles), user__is_active=True).in_force(clock.now()).order_by("id")
    return [(f"user:{p.user_id}", actor.Post(p.role, p.area_code, p.unit_id, p.purpose)) for p in posts]
