from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.alerts.domain.sight import SEES_AREA
from linli.kernel.actor import Actor
from linli.kernel.geo import Point
from linli.kernel.level import Level


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, actor: Actor) -> "AlertQuerySet":
        """Keep what this actor may see (可见预警): the alerts of its posts' areas."""
        if actor.is_system:
            return self
        seen = Q(pk__in=[])
        for post in actor.posts:
            if post.role in SEES_AREA:
                seen |= Q(area_code__startswith=post.area)
        return self.filter(seen)

    def still_open(self) -> "AlertQuerySet":
        """Keep what has not been cleared (未解除)."""
        return self.filter(cleared_at=None)

    def most_severe_first(self) -> "AlertQuerySet":
        """Order by level, then the newest first (重者在前)."""
        return self.order_by(F("level_rank").desc(), "-noticed_at", "-pk")


class Alert(models.Model):
    """One episode of one cause (预警): from the reading that raised it to the one that cleared it. Row-secured by area.

    `level` is the present one, `none` once cleared; `peak_level` the highest. `raised_at` and
    `cleared_at` are the readings' own moments, `noticed_at` our clock's. Names are copied as they
    were, so that an alert reads the same after a device has moved. An alert about many devices that failed
    together stands at one of them, names in `gathers` the gateway, area or kit they share, and lists in
    `members` the codes of those it stands for now, or stood for last.
    """

    datastream = models.ForeignKey("sensing.Datastream", on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey("sensing.Rule", on_delete=models.PROTECT, related_name="+")
    rule_version = models.IntegerField()
    rule_name = models.CharField(max_length=120)
    rule_name_en = models.CharField(max_length=120)
    thing_code = models.CharField(max_length=100)
    thing_name = models.CharField(max_length=200)
    metric = models.CharField(max_length=60)
    unit_of_measurement = models.CharField(max_length=30, blank=True, default="")
    cause = models.CharField(max_length=30)
    level = models.CharField(max_length=10)
    level_rank = models.GeneratedField(
        expression=models.Case(
            *(models.When(level=level.word, then=models.Value(level.value)) for level in Level),
            default=models.Value(0), output_field=models.SmallIntegerField(),
        ),
        output_field=models.SmallIntegerField(), db_persist=True,
    )  # fmt: skip
    peak_level = models.CharField(max_length=10)
    value = models.FloatField()
    peak_value = models.FloatField()
    area_code = models.CharField(max_length=15, blank=True, default="")
    lon = models.FloatField()
    lat = models.FloatField()
    component = models.ForeignKey("assets.Component", null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    case_refused = models.CharField(max_length=60, blank=True, default="")
    gathers = models.CharField(max_length=80, blank=True, default="")
    members = ArrayField(models.CharField(max_length=100), blank=True, default=list)

    objects = AlertQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["area_code"], name="alerts_alert_area", opclasses=["text_pattern_ops"],
                         condition=Q(cleared_at=None)),
            models.Index(fields=["case"], name="alerts_alert_case"),
            models.Index(fields=["-noticed_at"], name="alerts_alert_noticed"),
            models.Index(fields=["cleared_at"], name="alerts_alert_cleared", condition=Q(cleared_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["datastream", "rule"], condition=Q(cleared_at=None, gathers=""), name="alerts_alert_one_open"
            ),
            models.UniqueConstraint(
                fields=["gathers", "rule"], condition=Q(cleared_at=None) & ~Q(gathers=""), name="alerts_alert_one_group"
            ),
            models.CheckConstraint(
                name="alerts_alert_level_none_iff_cleared",
                condition=Q(level=Level.NONE.word, cleared_at__isnull=False)
                | Q(level__in=[level.word for level in Level if level], cleared_at=None),
            ),
            models.CheckConstraint(
                name="alerts_alert_peak_level",
                condition=Q(peak_level__in=[level.word for level in Level if level]),
            ),
            models.CheckConstraint(
                name="alerts_alert_place", condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing_code} {self.metric} {self.level}"

    @property
    def where(self) -> Point:
        """Return its place."""
        return Point(self.lon, self.lat)
