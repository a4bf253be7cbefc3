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
