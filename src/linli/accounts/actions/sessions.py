from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from linli.accounts import policy, queries
from linli.accounts.actions.streams import end_streams
from linli.accounts.domain.device import device_of
from linli.accounts.domain.lock import WINDOW
from linli.accounts.domain.session import NOTED_EVERY, ends_at
from linli.accounts.models import Failure, Session
from linli.accounts.models.session import DEVICE, MADE_AT
from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor


def stamp(session: SessionBase, user_agent: str) -> None:
    """Let a session begin now, on this kind of device (会话起始), and forget what has ended."""
    now = clock.now()
    session[MADE_AT] = now.isoformat()
    session[DEVICE] = device_of(user_agent).value
    Session.objects.over(now).delete()
    Failure.objects.filter(at__lt=now - WINDOW).delete()


def note_use(session: SessionBase) -> None:
    """Say that its owner uses the session (会话续期), once a minute at most; its end moves, but not for ever."""
    now = clock.now()
    seen_at = getattr(session, "seen_at", None)
    if seen_at is None or now - seen_at < NOTED_EVERY:
        return
    row = Session.objects.filter(pk=session.session_key, user__isnull=False).first()
    if row is None:
        return
    ends = ends_at(row.made_at, now, timedelta(minutes=settings.LINLI_IDLE_MINUTES))
    Session.objects.filter(pk=row.pk, seen_at__lt=now).update(seen_at=now, expire_date=ends)


@transaction.atomic
def end_session(user_id: int, mark: str, *, actor: Actor) -> int:
    """End the one session of this user that carries `mark` (结束会话); return how many ended, 0 if it was over."""
    policy.require_self(actor, user_id)
    keys = [key for key in _keys(user_id) if queries.mark_of(key) == mark]
    return _end(user_id, keys, actor)


@transaction.atomic
def end_others(user_id: int, kept: str | None, *, actor: Actor) -> int:
    """End every session of this user but the one with the key `kept` (结束其他会话); return how many ended."""
    policy.require_self(actor, user_id)
    return _end(user_id, [key for key in _keys(user_id) if key != kept], actor)


def end_all(user_id: int, *, actor: Actor) -> int:
    """End every session of an account that its administrator resets or closes (结束全部会话); return how many ended."""
    return _end(user_id, _keys(user_id), actor)


def _keys(user_id: int) -> list[str]:
    return list(Session.objects.filter(user_id=user_id).values_list("session_key", flat=True))


def _end(user_id: int, keys: list[str], actor: Actor) -> int:
    Session.objects.filter(session_key__in=keys).delete()
    end_streams(user_id)
    if keys:
        audit.record("accounts.sessions_ended", actor=actor, target=f"user:{user_id}", ended=len(keys))
    return len(keys)
