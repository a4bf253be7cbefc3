from django.db import models
from django.db.models import Q


class Trace(models.Model):
    """One exceedance and the alert it moved (超限来路): by it a closed case is walked back to its readings.

    `exceedance` is the number of the ingest table's row; one row each, so that nothing counts twice.
    `problem` says why one could not be taken.
    """

    exceedance = models.BigIntegerField(primary_key=True)
    alert = models.ForeignKey("alerts.Alert", null=True, on_delete=models.PROTECT, related_name="traces")
    datastream_id = models.IntegerField()
    ts = models.DateTimeField()
    level_from = models.SmallIntegerField()
    level_to = models.SmallIntegerField()
    value = models.FloatField()
    taken_at = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.exceedance}: {self.level_from} to {self.level_to}"


class Cursor(models.Model):
    """Up to which exceedance everything has been taken (游标); one row.

    Writers may commit out of order, so a missing number is waited for since `hole_since`.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    taken_to = models.BigIntegerField(default=0)
    hole_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="alerts_cursor_single", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.taken_to)
