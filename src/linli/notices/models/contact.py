from django.db import models
from django.db.models import Q

from linli.notices.domain.addresses import Kind


class Contact(models.Model):
    """Where a reporter wants to hear how their matter goes on (来报人联系方式), left freely and for this alone.

    `subject` names what it is about, such as `report:12`. `sealed` holds the address and the follow link's token.
    `consent` is the version of the words under which it was given. Until it is confirmed from the address itself it
    hears of nothing else, and goes after a day. Deleted at `delete_at`, some days after the matter ended, or at once
    when its owner says so. Row-secured: for Linli itself only.
    """

    subject = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10)
    sealed = models.BinaryField()
    language = models.CharField(max_length=2)
    purpose = models.CharField(max_length=40)
    consent = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    delete_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="notices_contact_kind", condition=Q(kind__in=[kind.value for kind in Kind]))
        ]
        indexes = [models.Index(fields=["delete_at"], name="notices_contact_delete_at",
                                condition=Q(delete_at__isnull=False))]

    def __str__(self) -> str:
        return f"contact for {self.subject}"
