from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class CalendarYear(models.Model):
    """The statutory holidays and make-up days of one year (法定节假日与调休), as its notice set them.

    `off` are the days on which nobody works and `worked` the weekend days made up for, both of this year
    only; a year without a row is unknown. `holidays` keeps the names for people to read.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    off = ArrayField(models.DateField())
    worked = ArrayField(models.DateField())
    holidays = models.JSONField(default=list)
    scheme = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="calendar_year_range", condition=Q(year__gte=1949, year__lte=2200))
        ]

    def __str__(self) -> str:
        return str(self.year)
