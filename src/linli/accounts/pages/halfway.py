"""Whose password was right and who is not in yet (登录中途): kept in the session, for a quarter of an hour."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from linli.accounts.models import User
from linli.kernel import clock

KEPT: Final = "halfway"
LIFETIME: Final = timedelta(minutes=15)


class Halfway(NamedTuple):
    """Somebody on the way in, and where they wanted to go."""

    user: User
    wanted: str


def keep(request: HttpRequest, user: User, wanted: str) -> None:
    """Remember in a session with a new key who is on the way in."""
    request.session.cycle_key()
    request.session[KEPT] = {"user": user.pk, "proof": user.get_session_auth_hash(), "wanted": wanted,
                             "at": clock.now().isoformat()}


def who(request: HttpRequest) -> Halfway | None:
    """Return who is on the way in; None if nobody is, it took too long, or the password was changed since."""
    kept = request.session.get(KEPT)
    if not kept or clock.now() - datetime.fromisoformat(kept["at"]) > LIFETIME:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["proof"], user.get_session_auth_hash()):
        return None
    is_stale = user.one_time_until is not None and user.one_time_until <= clock.now()
    return None if is_stale else Halfway(user, kept["wanted"])
