import uuid

from django.db import models
from django.db.models import Q

from linli.notices.domain.channels import UNDELIVERED, WAITING, Channel, State

_WAITING = sorted(state.value for state in WAITING)
_UNDELIVERED = sorted(state.value for state in UNDELIVERED)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> "DeliveryQuerySet":
        """Keep what is still to go out (待发送)."""
        return self.filter(state__in=_WAITING)

    def undelivered(self) -> "DeliveryQuerySet":
        """Keep what was given up or is in doubt (未送达)."""
        return self.filter(state__in=_UNDELIVERED)


class Delivery(models.Model):
    """One notice on one channel (送达): a notice goes once on each, which the database itself holds.

    The id is made from `once`, recipient and channel: the webhook's id, the file's name, the mail's Message-ID.
    `claimed_by` is the number of the sender that holds it; its session's advisory lock tells whether it lives.
    Neither address nor words are kept here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey("notices.Notice", on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.PositiveIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=60, blank=True, default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notices_delivery_once"),
            models.CheckConstraint(
                name="notices_delivery_channel", condition=Q(channel__in=[channel.value for channel in Channel])
            ),
            models.CheckConstraint(
                name="notices_delivery_state", condition=Q(state__in=[state.value for state in State])
            ),
            models.CheckConstraint(
                name="notices_delivery_sent_iff_done",
                condition=Q(state=State.SENT.value, done_at__isnull=False)
                | ~Q(state=State.SENT.value) & Q(done_at=None),
            ),
            models.CheckConstraint(
                name="notices_delivery_claimed_while_sending",
                condition=~Q(state=State.SENDING.value) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "-urgent", "due_at"], name="notices_delivery_waiting",
                         condition=Q(state__in=_WAITING)),
            models.Index(fields=["channel", "claimed_at"], name="notices_delivery_claimed"),
            models.Index(fields=["claimed_by"], name="notices_delivery_sending",
                         condition=Q(state=State.SENDING.value)),
            models.Index(fields=["due_at"], name="notices_delivery_undelivered", condition=Q(state__in=_UNDELIVERED)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
