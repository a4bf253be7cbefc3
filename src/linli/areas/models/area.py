from django.db import models
from django.db.models import F, Q


class AreaQuerySet(models.QuerySet["Area"]):
    def in_force(self) -> "AreaQuerySet":
        """Keep the areas that have not been redrawn or dissolved (现行区划)."""
        return self.filter(valid_to=None)


class Area(models.Model):
    """One area of the one grid network (区域): district, street, community or unit grid (单元网格).

    `geometry` is WKB, degrees WGS 84; the bounding box beside it serves tiles.
    """

    code = models.CharField(max_length=15, unique=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("areas.Area", on_delete=models.PROTECT, null=True, related_name="+")
    geometry = models.BinaryField()
    min_lon = models.FloatField()
    min_lat = models.FloatField()
    max_lon = models.FloatField()
    max_lat = models.FloatField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="areas_area_code_fits_kind",
                condition=Q(kind="district", code__regex=r"^[0-9]{6}$")
                | Q(kind="street", code__regex=r"^[0-9]{9}$")
                | Q(kind="community", code__regex=r"^[0-9]{12}$")
                | Q(kind="grid", code__regex=r"^[0-9]{15}$"),
            ),
            models.CheckConstraint(
                name="areas_area_parent_iff_below_district",
                condition=Q(kind="district", parent=None) | ~Q(kind="district") & Q(parent__isnull=False),
            ),
            models.CheckConstraint(
                name="areas_area_box_in_order",
                condition=Q(min_lon__lt=F("max_lon"), min_lat__lt=F("max_lat"), min_lon__gte=-180, max_lon__lte=180,
                            min_lat__gte=-90, max_lat__lte=90),
            ),
            models.CheckConstraint(
                name="areas_area_ends_after_start", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
