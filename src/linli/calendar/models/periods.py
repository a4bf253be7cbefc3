from django.db import models
from django.db.models import F, Q


class WorkingPeriods(models.Model):
    """One working period of a day, from `valid_from` on (工作时段), for an area and all below it; "" = everywhere.

    All periods of an area that share the newest `valid_from` make up the day; those of the nearest area hold.
    """

    area_code = models.CharField(max_length=15, blank=True, default="")
    valid_from = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    scheme = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area_code", "valid_from", "starts"], name="calendar_periods_once"),
            models.CheckConstraint(name="calendar_periods_forward", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(
                name="calendar_periods_area_code", condition=Q(area_code__regex=r"^([0-9]{6}([0-9]{3}){0,3})?$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.starts}–{self.ends}"
