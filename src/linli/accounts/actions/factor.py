"""The second factor (动态口令): set up, proven, asked for, ended by its owner, reset by an administrator."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from linli.accounts import policy, queries
from linli.accounts.actions.signing_in import alone
from linli.accounts.domain import lock, totp
from linli.accounts.domain.one_time import recovery_codes
from linli.accounts.models import Failure, RecoveryCode, SecondFactor, User
from linli.audit import actions as audit
from linli.kernel import clock, seal
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotAllowedNow, NotFound

ISSUER = "Linli"


@dataclass(frozen=True, slots=True)
class Begun:
    """A second factor that is set up and not proven yet (待确认的动态口令): shown once, for an app to take in."""

    key: str = field(repr=False)
    address: str = field(repr=False)


@transaction.atomic
def begin_factor(user_id: int, *, actor: Actor) -> Begun:
    """Make a new secret for its owner's app (开始设置); it counts for nothing before a code of it was given.

    Raises: NotPermitted unless it is the owner; NotAllowedNow if there is a proven one.
    """
    policy.require_self(actor, user_id)
    user = User.objects.select_for_update().get(pk=user_id)
    if queries.has_factor(user_id):
        raise NotAllowedNow("accounts.factor_set", "There is a second factor already. Please end it first.")
    secret = totp.new_secret()
    sealed = seal.seal(secret.hex(), about=_about(user_id), secret=settings.SECRET_KEY.encode())
    SecondFactor.objects.update_or_create(user=user, defaults={"sealed": sealed, "last_step": 0})
    return Begun(totp.key_of(secret), totp.address_of(secret, user.username, ISSUER))


@transaction.atomic
def confirm_factor(user_id: int, code: str, *, actor: Actor) -> list[str]:
    """Take the first code of a new second factor as proof (确认设置), and return ten recovery codes, told once.

    Raises: NotPermitted unless it is the owner; Invalid if the code is not of now; NotAllowedNow if none was begun.
    """
    policy.require_self(actor, user_id)
    factor = SecondFactor.objects.select_for_update().filter(user=user_id, proven_at=None).first()
    if factor is None:
        raise NotAllowedNow("accounts.factor_not_begun", "No second factor is being set up. Please begin again.")
    if not _takes(factor, code):
        raise Invalid("accounts.wrong_code", "This code is wrong or over. Please look for the next one.", field="code")
    factor.proven_at = clock.now()
    factor.save(update_fields=["proven_at"])
    codes = recovery_codes()
    RecoveryCode.objects.filter(user=user_id).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user_id=user_id, digest=_digest(user_id, one)) for one in codes)
    audit.record("accounts.factor_set", actor=actor, target=f"user:{user_id}")
    return codes


def check_factor(user_id: int, code: str, *, actor: Actor) -> timedelta | None:
    """Ask for a code or a recovery code (校验动态口令), each taken once; failures are counted like those of passwords.

    Returns: None if it was right, else how long the next try must wait.
    """
    key = Failure.key_of("factor", str(user_id))
    if not alone(key):
        return lock.BUSY
    waits = _wait(key)
    if waits:
        return waits
    if _is_right(user_id, code, actor):
        Failure.objects.filter(key=key).delete()
        return None
    Failure.objects.create(key=key, at=clock.now())
    audit.record("accounts.factor_refused", actor=actor, target=f"user:{user_id}")
    return _wait(key)


@transaction.atomic
def drop_factor(user_id: int, *, actor: Actor) -> None:
    """End one's own second factor (停用动态口令).

    Raises: NotPermitted unless it is the owner; NotAllowedNow if one of the posts asks for it.
    """
    policy.require_self(actor, user_id)
    if queries.must_have_factor(user_id):
        raise NotAllowedNow("accounts.factor_needed", "One of your posts asks for a second factor.")
    _end(user_id, actor)


@transaction.atomic
def reset_factor(user_id: int, *, actor: Actor) -> None:
    """End the second factor of somebody who lost phone and codes (重置动态口令).

    Raises: NotFound; NotPermitted beyond the actor's areas.
    """
    if not policy.visible_accounts(actor).filter(pk=user_id).exists():
        raise NotFound("accounts.no_such_account", "There is no such account.")
    policy.require_over(actor, user_id)
    _end(user_id, actor)


def _end(user_id: int, actor: Actor) -> None:
    SecondFactor.objects.filter(user=user_id).delete()
    RecoveryCode.objects.filter(user=user_id).delete()
    Failure.objects.filter(key=Failure.key_of("factor", str(user_id))).delete()
    audit.record("accounts.factor_ended", actor=actor, target=f"user:{user_id}")


def _is_right(user_id: int, code: str, actor: Actor) -> bool:
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user_id, proven_at__isnull=False).first()
        if factor is not None and _takes(factor, code):
            return True
    spent, _ = RecoveryCode.objects.filter(user=user_id, digest=_digest(user_id, code)).delete()
    if spent:
        left = RecoveryCode.objects.filter(user=user_id).count()
        audit.record("accounts.recovery_code_used", actor=actor, target=f"user:{user_id}", left=left)
    return bool(spent)


def _takes(factor: SecondFactor, code: str) -> bool:
    opened = seal.unseal(bytes(factor.sealed), about=_about(factor.user_id), secret=settings.SECRET_KEY.encode())
    step = totp.matching_step(bytes.fromhex(opened), code, clock.now(), after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


def _wait(key: str) -> timedelta:
    failed = Failure.objects.filter(key=key).order_by("-at").values_list("at", flat=True)
    return lock.wait(list(failed[:lock.BY_NAME.failures]), clock.now(), lock.BY_NAME)


def _digest(user_id: int, code: str) -> str:
    plain = f"recovery:{user_id}:{code.strip().lower()}"
    return hmac.new(settings.SECRET_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()


def _about(user_id: int) -> str:
    return f"second factor:{user_id}"
