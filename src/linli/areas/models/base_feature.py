from django.db import models
from django.db.models import F, Q


class BaseFeature(models.Model):
    """One shape of the base map (底图要素): a road, the river, a block, a house, the name of a place.

    `rank` says what matters more (1 first); it decides from which zoom a shape is shown.
    """

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=80, default="", blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    geometry = models.BinaryField()
    min_lon = models.FloatField()
    min_lat = models.FloatField()
    max_lon = models.FloatField()
    max_lat = models.FloatField()
    morton = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="areas_basefeature_box_in_order",
                condition=Q(min_lon__lte=F("max_lon"), min_lat__lte=F("max_lat"), min_lon__gte=-180, max_lon__lte=180,
                            min_lat__gte=-90, max_lat__lte=90),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
