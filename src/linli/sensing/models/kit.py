from django.db import models


class Kit(models.Model):
    """How devices of a kit behave when they are well (设备画像): by it one that is not is told.

    `fault_category` is the class of the case that a faulty one becomes after `fault_case_after_s`;
    `battery` the metric of its battery, empty = on the mains.
    """

    code = models.CharField(max_length=60, primary_key=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    heartbeat_s = models.FloatField()
    missed_heartbeats = models.PositiveSmallIntegerField()
    battery = models.CharField(max_length=60, blank=True, default="")
    fault_category = models.CharField(max_length=30)
    fault_case_after_s = models.FloatField()
    scheme = models.CharField(max_length=60)
    version = models.CharField(max_length=30)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class KitMetric(models.Model):
    """One metric that devices of a kit send (套件指标): what a new device's datastreams are made from.

    `ucum` is the unit's code; `least` and `greatest` bound what can be true; `sampling_s` is how often
    it comes, None = with every heartbeat unless it is `occasional`; `may_stay_s` is how long one value
    may stand although it should vary, None = for ever. `wraps_at` is set for a metric that counts up:
    the number at which it begins from 0 again, one more than the greatest. Where marks are counted from a
    base-line, `base_line_zh` and `base_line_en` tell its installer what to write down.
    """

    kit = models.CharField(max_length=60)
    metric = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    unit_of_measurement = models.CharField(max_length=30, blank=True, default="")
    ucum = models.CharField(max_length=30, blank=True, default="")
    rule = models.ForeignKey("sensing.Rule", null=True, blank=True, on_delete=models.PROTECT)
    least = models.FloatField(null=True, blank=True)
    greatest = models.FloatField(null=True, blank=True)
    sampling_s = models.FloatField(null=True, blank=True)
    occasional = models.BooleanField(default=False)
    may_stay_s = models.FloatField(null=True, blank=True)
    wraps_at = models.FloatField(null=True, blank=True)
    base_line_zh = models.TextField(blank=True, default="")
    base_line_en = models.TextField(blank=True, default="")
    scheme = models.CharField(max_length=60)
    version = models.CharField(max_length=30)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kit", "metric"], name="sensing_kit_metric_once")]

    def __str__(self) -> str:
        return f"{self.kit}/{self.metric}"
