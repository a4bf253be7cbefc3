from datetime import time

from django.db import models
from django.db.models import Q

from linli.notices.domain.channels import Channel
from linli.notices.domain.quiet import Quiet


class Way(models.Model):
    """How one person wants to be reached beside the inbox (通知方式), one row for each channel; row-secured: one's own.

    `sealed` is the address, `secret_sealed` what signs a webhook; neither is ever shown whole again.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10)
    is_on = models.BooleanField(default=True)
    sealed = models.BinaryField()
    secret_sealed = models.BinaryField(null=True)
    language = models.CharField(max_length=2)
    quiet_from = models.TimeField(default=time(22))
    quiet_to = models.TimeField(default=time(7))
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "channel"], name="notices_way_once"),
            models.CheckConstraint(
                name="notices_way_channel", condition=Q(channel__in=[channel.value for channel in Channel])
            ),
            models.CheckConstraint(
                name="notices_way_secret_iff_webhook",
                condition=Q(channel=Channel.WEBHOOK.value, secret_sealed__isnull=False)
                | ~Q(channel=Channel.WEBHOOK.value) & Q(secret_sealed=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of user {self.user_id}"

    @property
    def quiet(self) -> Quiet:
        """Return its quiet hours."""
        return Quiet(self.quiet_from, self.quiet_to)
