from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.db.utils import OperationalError

from linli.accounts.domain import lock
from linli.accounts.domain.lock import Limit
from linli.accounts.domain.password import LONGEST
from linli.accounts.models import Failure, User
from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor

LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a try to sign in ended (登录结果): with somebody, or with nobody and how long the next one must wait.

    `is_stale` = the password was right, and a one-time one that holds no more.
    """

    user: User | None
    wait: timedelta = timedelta(0)
    is_stale: bool = False


def attempt(name: str, password: str, *, address: str, browsers: dict[int, str], actor: Actor) -> Attempt:
    """Try to sign in by name and password (登录尝试), counting failures by name, known browser and address.

    The tries under one name wait for one another, so that guesses sent at once are counted like guesses sent in turn.
    A browser in which this account has signed in before is counted by itself: a stranger's failures do not shut out
    the owner. Nothing of the answer depends on whether the name exists.

    Args:
        address: whence the request comes, as text.
        browsers: accounts known to this browser, each with the secret it was given; see `pages.browser`.
    """
    known = None if "\x00" in name else User.objects.filter(username=name).first()
    secret = browsers.get(known.pk, "") if known else ""
    own = (Failure.key_of("browser", secret), lock.BY_BROWSER) if secret else (Failure.key_of_name(name), lock.BY_NAME)
    keys: list[tuple[str, Limit]] = [own, (Failure.key_of("address", address), lock.BY_ADDRESS)]
    if not alone(own[0]):
        return Attempt(None, lock.BUSY)
    waits = max(lock.wait(_failures(key, limit), clock.now(), limit) for key, limit in keys)
    if waits:
        return Attempt(None, waits)
    user = _right(name, password)
    if user is None:
        _count(keys, own, known, actor)
    else:
        Failure.objects.filter(key=own[0]).delete()
        if user.one_time_until is not None and user.one_time_until <= clock.now():
            return Attempt(None, is_stale=True)
    return Attempt(user)


def _right(name: str, password: str) -> User | None:
    if "\x00" in name + password or len(name) > LONGEST_NAME or len(password) > LONGEST:
        return None
    found = authenticate(username=name, password=password)
    return found if isinstance(found, User) else None


def _count(keys: list[tuple[str, Limit]], own: tuple[str, Limit], known: User | None, actor: Actor) -> None:
    """Keep a failure; what was typed as a name may be a password, so the trail names only accounts that exist."""
    now = clock.now()
    Failure.objects.bulk_create(Failure(key=key, at=now) for key, _ in keys)
    target = f"user:{known.pk if known else 'unknown'}"
    audit.record("accounts.sign_in_refused", actor=actor, target=target)
    if lock.wait(_failures(*own), now, own[1]):
        audit.record("accounts.sign_in_locked", actor=actor, target=target)


def _failures(key: str, limit: Limit) -> list[datetime]:
    newest = Failure.objects.filter(key=key).order_by("-at").values_list("at", flat=True)
    return list(newest[: limit.failures])


def alone(key: str) -> bool:
    """Wait until no other try of this key is under way; False if that takes too long."""
    number = int.from_bytes(bytes.fromhex(key)[:8], signed=True)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{int(lock.BUSY.total_seconds())}s"])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError:
        return False
    return True
