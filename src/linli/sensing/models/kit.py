from django.db import models


class KitMetric(models.Model):
    """One metric that devices of a kit send (套件指标): what a new device's datastreams are made from."""

    kit = models.CharField(max_length=60)
    metric = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    unit_of_measurement = models.CharField(max_length=30, blank=True, default="")
    rule = models.ForeignKey("sensing.Rule", null=True, blank=True, on_delete=models.PROTECT)
    scheme = models.CharField(max_length=60)
    version = models.CharField(max_length=30)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kit", "metric"], name="sensing_kit_metric_once")]

    def __str__(self) -> str:
        return f"{self.kit}/{self.metric}"
