"""Accounts as their administrators see them (账号一览)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from linli.accounts.domain import lock
from linli.accounts.domain.masking import masked_name
from linli.accounts.models import Failure, Post, SecondFactor, User
from linli.areas import queries as areas
from linli.kernel import clock
from linli.organisations import queries as organisations


@dataclass(frozen=True, slots=True)
class HeldPost:
    """One post of an account (在任岗位); `place` names its unit or its area, "" for the whole deployment."""

    id: int
    role: str
    name: str
    place: str
    area: str


@dataclass(frozen=True, slots=True)
class Account:
    """One account (账号): its owner's name masked, its posts in force, when it was last used, whether it waits."""

    id: int
    username: str
    masked_name: str
    is_open: bool
    is_locked: bool
    last_used_at: datetime | None
    one_time_until: datetime | None
    has_factor: bool
    posts: Sequence[HeldPost]


def accounts_overseen(seen: QuerySet[User], text: str = "") -> QuerySet[User]:
    """Return those of the accounts whose name or post holds `text` (账号检索), by name."""
    if not text:
        return seen.order_by("username")
    holding = Post.objects.in_force(clock.now()).filter(Q(name__icontains=text) | Q(role=text)).values("user")
    return seen.filter(Q(username__icontains=text) | Q(pk__in=holding)).order_by("username")


def described(users: Iterable[User]) -> list[Account]:
    """Return these accounts with their posts and locks (账号详情), by the same few queries however many they are."""
    users, now = list(users), clock.now()
    posts = list(Post.objects.filter(user__in=users).in_force(now).order_by("pk"))
    places = areas.names({post.area_code for post in posts})
    units = organisations.names({post.unit_id for post in posts if post.unit_id is not None})
    locked = _locked([user.username for user in users], now)
    proven = SecondFactor.objects.filter(user__in=users, proven_at__isnull=False)
    with_factor = set(proven.values_list("user", flat=True))
    held: dict[int, list[HeldPost]] = {user.pk: [] for user in users}
    for post in posts:
        place = units.get(post.unit_id, "") if post.unit_id else places.get(post.area_code, post.area_code)
        held[post.user_id].append(HeldPost(post.pk, post.role, post.name, place, post.area_code))
    return [Account(user.pk, user.username, masked_name(user.name), user.is_active, user.username in locked,
                    user.last_login, user.one_time_until, user.pk in with_factor, held[user.pk]) for user in users]


def number_of(username: str) -> int | None:
    """Return the number of the account of this name (账号编号)."""
    return User.objects.filter(username=username).values_list("pk", flat=True).first()


def post_held(user_id: int, role: str, area: str, unit: int | None) -> int | None:
    """Return the number of the post of this kind that an account holds now (在任岗位编号)."""
    held = Post.objects.in_force(clock.now()).filter(user=user_id, role=role, area_code=area, unit=unit)
    return held.values_list("pk", flat=True).first()


def _locked(usernames: Sequence[str], now: datetime) -> set[str]:
    """Return those names whose next try must wait."""
    keys = {Failure.key_of_name(username): username for username in usernames}
    failed: dict[str, list[datetime]] = {}
    for key, at in Failure.objects.filter(key__in=keys, at__gt=now - lock.WINDOW).values_list("key", "at"):
        failed.setdefault(key, []).append(at)
    return {keys[key] for key, moments in failed.items() if lock.wait(moments, now, lock.BY_NAME)}
