from collections.abc import Iterable
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from linli.accounts import policy, queries
from linli.accounts.domain.password import LONGEST, Weakness, weakness
from linli.accounts.models import User
from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid

SAID: Final = {
    Weakness.SHORT: "A password has at least {shortest} characters.",
    Weakness.LONG: "A password has at most {longest} characters.",
    Weakness.PLAIN: "Please mix {kinds} of these: small letters, capitals, digits, signs, Chinese. Or take a phrase"
                    " of at least {phrase} characters.",
    Weakness.MONOTONOUS: "This password repeats too few characters. Please use at least {different} different ones.",
    Weakness.NAMED: "A password may not contain the name of its account.",
    Weakness.COMMON: "This password is on every list of known passwords. Please take another.",
    Weakness.SAME: "This is the present password. Please take another.",
}


def require_strong(password: str, names: Iterable[str]) -> None:
    """Refuse a password that is too weak or widely known (密码强度检查).

    Raises: Invalid, with a code for each reason.
    """
    rules = queries.rules()
    found = weakness(password, names, rules) or (_common(password) if rules.refuses_common else None)
    if found:
        raise _refusal(found)


@transaction.atomic
def change_password(user_id: int, new: str, *, actor: Actor) -> User:
    """Give an account another password in its owner's name (修改密码); the edge ends the other sessions.

    Raises: NotPermitted unless it is the owner; Invalid if the password is too weak or the one it replaces.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    policy.require_self(actor, user.pk)
    require_strong(new, [user.username, user.name])
    if user.check_password(new):
        raise _refusal(Weakness.SAME)
    user.set_password(new)
    user.one_time_until = None
    user.save(update_fields=["password", "one_time_until"])
    audit.record("accounts.password_changed", actor=actor, target=f"user:{user.pk}")
    return user


def _refusal(found: Weakness) -> Invalid:
    rules = queries.rules()
    return Invalid(f"accounts.password_{found.value}", SAID[found], field="new", shortest=rules.shortest,
                   longest=LONGEST, kinds=rules.kinds, phrase=rules.phrase, different=rules.different)


def _common(password: str) -> Weakness | None:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return Weakness.COMMON
    return None
