from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of one of Linli's parts (心跳), and how far it is behind what it should do."""

    part = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    lag_s = models.FloatField()
    limit_s = models.FloatField()
    note = models.CharField(max_length=200, default="")

    def __str__(self) -> str:
        return f"{self.part} {self.lag_s:.1f} s"


class Flow(models.Model):
    """What became of the messages of one family of devices (收支): each message counts once, under one outcome."""

    family = models.CharField(max_length=60, primary_key=True)
    stored = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    statuses = models.BigIntegerField(default=0)
    empty = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.family or 'strangers'}: {self.stored} stored"


class Passage(models.Model):
    """How far the stream's own numbering went on while it was read (通过量)."""

    stream = models.CharField(max_length=60, primary_key=True)
    passed = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.stream}: {self.passed}"


class Rate(models.Model):
    """How often somebody, known only by a keyed hash, did one thing in one window of time (频次)."""

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="metrics_rate_once_per_window")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
