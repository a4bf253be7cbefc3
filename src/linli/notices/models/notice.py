from django.db import models
from django.db.models import Q


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, recipient: str) -> "NoticeQuerySet":
        """Keep what was told to this person (某人的通知), the newest first."""
        return self.filter(recipient=recipient).order_by("-id")

    def unread(self) -> "NoticeQuerySet":
        """Keep what was not read yet (未读)."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing told to one recipient (通知): in the inbox at once, on other channels by its deliveries.

    `recipient` reads `user:7` or `contact:12`. The same `once` reaches a recipient one time. Holds no words of a
    reporter and no address: only a template's name and its facts. Row-secured: one's own.
    """

    once = models.CharField(max_length=120)
    recipient = models.CharField(max_length=100)
    template = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    link = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["once", "recipient"], name="notices_notice_once"),
            models.CheckConstraint(name="notices_notice_recipient", condition=Q(recipient__regex=r"^(user|contact):")),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notices_notice_inbox"),
            models.Index(fields=["recipient"], name="notices_notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.recipient}"
