from django.db import models


class Thing(models.Model):
    """One device that sends readings (设备); row-secured by its area.

    `code` is the device's name in its topics. Until it is adopted its messages wait in quarantine.
    `gateway` names the gateway it speaks through, if it does: devices that fall silent together have one cause.
    """

    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    kit = models.CharField(max_length=60)
    component = models.ForeignKey("assets.Component", null=True, blank=True, on_delete=models.PROTECT)
    lon = models.FloatField()
    lat = models.FloatField()
    area_code = models.CharField(max_length=15, blank=True, default="", db_index=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    gateway = models.CharField(max_length=60, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Datastream(models.Model):
    """One metric of one device (数据流); its number marks every observation.

    `base_line` is what this one measures when all is well (基线), from which some marks are counted; None = not known.
    """

    id = models.AutoField(primary_key=True)  # int4: four bytes in every observation
    thing = models.ForeignKey("sensing.Thing", on_delete=models.PROTECT, related_name="datastreams")
    metric = models.CharField(max_length=60)
    unit_of_measurement = models.CharField(max_length=30, blank=True, default="")
    rule = models.ForeignKey("sensing.Rule", null=True, blank=True, on_delete=models.PROTECT)
    base_line = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thing", "metric"], name="sensing_datastream_once")]

    def __str__(self) -> str:
        return f"{self.thing_id}/{self.metric}"


class Steady(models.Model):
    """How one metric is watched (读数值守): since when it has shown the same value, and what it may.

    `may_stay_s` and `silent_after_s` are copied from the kit's profile every half minute, so that all
    metrics of all devices can be looked at without asking whose they are; None = that is not watched.
    """

    datastream = models.OneToOneField("sensing.Datastream", primary_key=True, on_delete=models.CASCADE)
    value = models.FloatField()
    since = models.DateTimeField()
    is_stuck = models.BooleanField(default=False)
    may_stay_s = models.FloatField(null=True)
    silent_after_s = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"{self.datastream_id}: {self.value}"


class ClockDoubt(models.Model):
    """A device whose readings bear times far from their arrival (时钟存疑), since `since_at`; gone once they agree.

    `since_behind_s` is how far behind its arrival the first such reading was, negative = ahead; `behind_s`
    how far the last one, which came `at`.
    """

    thing = models.OneToOneField("sensing.Thing", primary_key=True, on_delete=models.CASCADE)
    since_at = models.DateTimeField()
    since_behind_s = models.FloatField()
    at = models.DateTimeField()
    behind_s = models.FloatField()
    is_wrong = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.thing_id}: {self.behind_s} s"


class Listening(models.Model):
    """Since when what devices say has been heard without a break (值守), as seen at `at`; one row.

    `planned_at` is when it was last copied what each metric may, `compared_at` when values were last compared.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()
    at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="sensing_listening_single", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.since} to {self.at}"
