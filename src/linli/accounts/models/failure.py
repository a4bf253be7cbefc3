import hashlib
import hmac

from django.conf import settings
from django.db import models


class Failure(models.Model):
    """One failed sign-in (登录失败): under whose key and when; the key is a keyed hash of a name or an address."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="accounts_failure_key_at"),
                   models.Index(fields=["at"], name="accounts_failure_at")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at:%F %T}"

    @staticmethod
    def key_of(kind: str, what: str) -> str:
        """Return the key under which failures of a name, a browser or an address are counted."""
        return hmac.new(settings.SECRET_KEY.encode(), f"sign-in:{kind}:{what}".encode(), hashlib.sha256).hexdigest()

    @classmethod
    def key_of_name(cls, username: str) -> str:
        """Return the key of an account's name, however it is written."""
        return cls.key_of("name", username.casefold())
