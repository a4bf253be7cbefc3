"""Sessions that know whose they are (会话), and the store that Django's middleware keeps them in."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from linli.accounts.domain.session import ABSOLUTE, ends_at
from linli.kernel import clock

MADE_AT, DEVICE = "made_at", "device"


class SessionQuerySet(models.QuerySet["Session"]):
    def open(self, at: datetime) -> "SessionQuerySet":
        """Keep the sessions that have not ended."""
        return self.filter(expire_date__gt=at)

    def over(self, at: datetime) -> "SessionQuerySet":
        """Keep the sessions that have ended."""
        return self.filter(expire_date__lte=at)


class Session(AbstractBaseSession):
    """One browser's session (会话): somebody's who signed in, or a visitor's with a report half written."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=20, default="")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's store in the database, with owner, device and an end that no use can put off beyond twelve hours."""

    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:  # type: ignore[override]
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:  # type: ignore[override]
        now = clock.now()
        made_at = datetime.fromisoformat(data.setdefault(MADE_AT, now.isoformat()))
        session = cast(Session, super().create_model_instance(data))
        session.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        session.device = str(data.get(DEVICE, ""))
        session.made_at, session.seen_at = made_at, now
        idle = timedelta(minutes=settings.LINLI_IDLE_MINUTES) if session.user_id else ABSOLUTE
        session.expire_date = ends_at(made_at, now, idle)
        return session

    def _get_session_from_db(self) -> Session | None:
        found = cast("Session | None", super()._get_session_from_db())  # type: ignore[misc]
        self.seen_at = found.seen_at if found else None
        return found
