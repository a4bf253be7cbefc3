import uuid

from django.db import models
from django.db.models import Q


class Photo(models.Model):
    """A photo made safe (照片): decoded apart, turned upright, re-encoded as JPEG, without metadata or place.

    `used_for` names the one thing it belongs to, such as `case_report:12`; empty = not yet used,
    and swept away after a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.BinaryField(max_length=32)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    kept_by = models.CharField(max_length=100)
    kept_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    used_for = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["kept_at"], name="files_photo_unused", condition=Q(used_for=""))]
        constraints = [models.CheckConstraint(
            name="files_photo_not_empty", condition=Q(width__gt=0, height__gt=0, size_bytes__gt=0),
        )]

    def __str__(self) -> str:
        return str(self.pk)
