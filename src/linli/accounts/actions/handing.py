"""Accounts in the hands of an administrator (账号管理): made, reset, unlocked, closed, opened again."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from linli.accounts import policy, queries
from linli.accounts.actions.giving import NewPost, give
from linli.accounts.actions.posts import hold_operators, require_grantable, require_operator_left
from linli.accounts.actions.sessions import end_all
from linli.accounts.domain.one_time import one_time_password
from linli.accounts.models import Failure, User
from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, Invalid, NotAllowedNow, NotFound

NAME: Final = re.compile(r"[\w.@+-]{2,60}")


@dataclass(frozen=True, slots=True)
class Handed:
    """A one-time password (一次性密码): told once to who hands it over, kept as a hash, taken until `until`."""

    user_id: int
    username: str
    password: str = field(repr=False)
    until: datetime


@transaction.atomic
def create_account(username: str, name: str, posts: list[NewPost], *, actor: Actor) -> Handed:
    """Create an account with its posts (建立账号), and a one-time password with which its owner chooses another.

    Raises: NotPermitted beyond the actor's areas; Invalid, Conflict if the name will not do.
    """
    if not NAME.fullmatch(username):
        raise Invalid("accounts.name_form", "A name has 2 to 60 letters, digits or signs of these: . @ + - _",
                      field="username")
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict("accounts.name_taken", "There is an account of this name. Please take another.",
                       field="username")
    if not posts:
        raise Invalid("accounts.no_post", "An account needs a post.", field="role")
    for post in posts:
        require_grantable(post, actor)
    user = User(username=username, name=name or username)
    handed = _hand(user)
    give(user, posts, actor)
    return handed


@transaction.atomic
def reset_account(user_id: int, *, actor: Actor) -> Handed:
    """Put a one-time password in the place of the account's own (重置密码); all its sessions end.

    Raises: NotFound; NotPermitted beyond the actor's areas; NotAllowedNow if the account is closed.
    """
    user = _held(user_id, actor)
    if not user.is_active:
        raise NotAllowedNow("accounts.closed", "This account is closed. Please open it again first.")
    return _renew(user, "accounts.reset", actor)


@transaction.atomic
def close_account(user_id: int, *, actor: Actor) -> None:
    """End an account (停用账号) and all its sessions; its posts wait, its trail stays.

    Raises: NotFound; NotPermitted beyond the actor's areas; NotAllowedNow if it is closed, or the last operator's.
    """
    operates = hold_operators(user_id)
    user = _held(user_id, actor)
    if not user.is_active:
        raise NotAllowedNow("accounts.closed_before", "This account is closed already.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    if operates:
        require_operator_left()
    audit.record("accounts.close", actor=actor, target=f"user:{user.pk}")
    end_all(user.pk, actor=actor)


@transaction.atomic
def reopen_account(user_id: int, *, actor: Actor) -> Handed:
    """Open a closed account again (恢复账号), with a one-time password: whoever knew the old one is shut out.

    Raises: NotFound; NotPermitted beyond the actor's areas; NotAllowedNow if it is not closed.
    """
    user = _held(user_id, actor)
    if user.is_active:
        raise NotAllowedNow("accounts.open_before", "This account is open.")
    user.is_active = True
    return _renew(user, "accounts.reopen", actor)


@transaction.atomic
def unlock_account(user_id: int, *, actor: Actor) -> None:
    """Forget the failed sign-ins under the account's name (解除锁定).

    Raises: NotFound; NotPermitted beyond the actor's areas.
    """
    user = _held(user_id, actor)
    Failure.objects.filter(key=Failure.key_of_name(user.username)).delete()
    audit.record("accounts.unlock", actor=actor, target=f"user:{user.pk}")


def _held(user_id: int, actor: Actor) -> User:
    user = policy.visible_accounts(actor).select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound("accounts.no_such_account", "There is no such account.")
    policy.require_over(actor, user.pk)
    return user


def _renew(user: User, deed: str, actor: Actor) -> Handed:
    handed = _hand(user)
    Failure.objects.filter(key=Failure.key_of_name(user.username)).delete()
    audit.record(deed, actor=actor, target=f"user:{user.pk}", until=handed.until)
    end_all(user.pk, actor=actor)
    return handed


def _hand(user: User) -> Handed:
    password, until = one_time_password(), clock.now() + queries.rules().one_time
    user.password, user.one_time_until = make_password(password), until
    user.save()
    return Handed(user.pk, user.username, password, until)
