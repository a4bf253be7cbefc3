from django.db import models
from django.db.models import F, Q

from linli.assets.domain.state import ComponentState


class ComponentQuerySet(models.QuerySet["Component"]):
    def standing(self) -> "ComponentQuerySet":
        """Keep what has not been taken away (在册部件)."""
        return self.exclude(state=ComponentState.REMOVED.value)

    def in_cells(self, ranges: list[tuple[int, int]]) -> "ComponentQuerySet":
        """Keep what lies in one of the ranges of Morton codes."""
        inside = Q()
        for first, last in ranges:
            inside |= Q(morton__range=(first, last))
        return self.filter(inside)


class Component(models.Model):
    """A city component (部件) with its three accountable units: supervising, owning, maintaining.

    The code never changes, whoever owns the component and wherever it stands. An unknown owner
    is normal (无主), so each unit may be absent. A point has no `geometry`; a line's or
    polygon's is WKB, and lon, lat is a place on it. Row security: area, or one of its units.
    """

    code = models.CharField(max_length=16, unique=True)
    klass = models.ForeignKey("assets.ComponentClass", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    lon = models.FloatField()
    lat = models.FloatField()
    morton = models.BigIntegerField()
    geometry = models.BinaryField(null=True)
    min_lon = models.FloatField(null=True)
    min_lat = models.FloatField(null=True)
    max_lon = models.FloatField(null=True)
    max_lat = models.FloatField(null=True)
    area_code = models.CharField(max_length=15, default="", blank=True)
    state = models.CharField(max_length=10, default=ComponentState.INTACT.value)
    supervising = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    owning = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    maintaining = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    installed_on = models.DateField()
    changed_on = models.DateField()

    objects = ComponentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["morton"], name="assets_component_morton"),
                   models.Index(fields=["klass", "morton"], name="assets_component_klass_morton"),
                   models.Index(fields=["area_code"], name="assets_component_area")]
        constraints = [
            models.CheckConstraint(name="assets_component_code", condition=Q(code__regex=r"^[0-9]{16}$")),
            models.CheckConstraint(
                name="assets_component_place",
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
            ),
            models.CheckConstraint(
                name="assets_component_known_state", condition=Q(state__in=[s.value for s in ComponentState])
            ),
            models.CheckConstraint(
                name="assets_component_area_code", condition=Q(area_code__regex=r"^([0-9]{6}([0-9]{3}){0,3})?$")
            ),
            models.CheckConstraint(
                name="assets_component_box_iff_shape",
                condition=Q(geometry=None, min_lon=None, min_lat=None, max_lon=None, max_lat=None)
                | Q(geometry__isnull=False, min_lon__isnull=False, min_lat__isnull=False, max_lon__isnull=False,
                    max_lat__isnull=False, min_lon__lte=F("max_lon"), min_lat__lte=F("max_lat")),
            ),
            models.CheckConstraint(
                name="assets_component_changed_after_installed", condition=Q(changed_on__gte=F("installed_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
