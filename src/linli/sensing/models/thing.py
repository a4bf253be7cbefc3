from django.db import models


class Thing(models.Model):
    """One device that sends readings (设备); row-secured by its area.

    `code` is the device's name in its topics. Until it is adopted its messages wait in quarantine.
    """

    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    kit = models.CharField(max_length=60)
    component = models.ForeignKey("assets.Component", null=True, blank=True, on_delete=models.PROTECT)
    lon = models.FloatField()
    lat = models.FloatField()
    area_code = models.CharField(max_length=15, blank=True, default="", db_index=True)
    adopted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Datastream(models.Model):
    """One metric of one device (数据流); its number marks every observation."""

    id = models.AutoField(primary_key=True)  # int4: four bytes in every observation
    thing = models.ForeignKey("sensing.Thing", on_delete=models.PROTECT, related_name="datastreams")
    metric = models.CharField(max_length=60)
    unit_of_measurement = models.CharField(max_length=30, blank=True, default="")
    rule = models.ForeignKey("sensing.Rule", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thing", "metric"], name="sensing_datastream_once")]

    def __str__(self) -> str:
        return f"{self.thing_id}/{self.metric}"
