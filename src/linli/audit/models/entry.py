from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Entry(models.Model):
    """One deed (审计条目): appended beside it, never changed, never removed (a trigger refuses both)."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    deed = models.CharField(max_length=100)
    target = models.CharField(max_length=100)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["target", "id"], name="audit_entry_target"),
            models.Index(fields=["actor", "id"], name="audit_entry_actor"),
            models.Index(fields=["deed", "id"], name="audit_entry_deed"),
            BrinIndex(fields=["at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor} {self.deed} {self.target}"
