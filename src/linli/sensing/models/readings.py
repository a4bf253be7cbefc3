from django.contrib.postgres.fields import ArrayField
from django.db import models


class Observation(models.Model):
    """One reading (观测); written by `linli_ingest` only, in monthly partitions."""

    pk = models.CompositePrimaryKey("datastream", "ts")
    datastream = models.ForeignKey(
        "sensing.Datastream", models.DO_NOTHING, db_column="datastream", db_constraint=False, related_name="+"
    )
    ts = models.DateTimeField()
    value = models.FloatField()
    flags = models.SmallIntegerField()

    class Meta:
        managed = False
        db_table = "observation"

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.ts}: {self.value}"


class Exceedance(models.Model):
    """A datastream's change from one level to another (超限); the reading's `ts`, our clock's `noticed_at`."""

    id = models.BigAutoField(primary_key=True)
    datastream = models.ForeignKey(
        "sensing.Datastream", models.DO_NOTHING, db_column="datastream", db_constraint=False, related_name="+"
    )
    rule_id = models.IntegerField()
    rule_version = models.IntegerField()
    ts = models.DateTimeField()
    level_from = models.SmallIntegerField()
    level_to = models.SmallIntegerField()
    value = models.FloatField()
    noticed_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "exceedance"

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.ts}: {self.level_from} to {self.level_to}"


class RuleState(models.Model):
    """What a rule remembers of a datastream between readings (规则状态): levels on, crossings still in their hold."""

    datastream = models.OneToOneField(
        "sensing.Datastream", models.DO_NOTHING, db_column="datastream", db_constraint=False,
        primary_key=True, related_name="+",
    )  # fmt: skip
    rule_id = models.IntegerField()
    rule_version = models.IntegerField()
    levels_on = models.SmallIntegerField()
    pending = ArrayField(models.BigIntegerField())

    class Meta:
        managed = False
        db_table = "rule_state"

    def __str__(self) -> str:
        return f"{self.datastream_id}: {self.levels_on:04b}"


class Latest(models.Model):
    """The newest reading of a datastream (最新值); derived about once a second."""

    datastream = models.OneToOneField(
        "sensing.Datastream", models.DO_NOTHING, db_column="datastream", db_constraint=False,
        primary_key=True, related_name="+",
    )  # fmt: skip
    ts = models.DateTimeField()
    value = models.FloatField()
    arrived_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "latest"

    def __str__(self) -> str:
        return f"{self.datastream_id}: {self.value} at {self.ts}"


class LateArrival(models.Model):
    """The last reading of a datastream that came although a newer one was stored (迟到读数), by about a second ago.

    A device that sends again what it sent, or whose clock went back, speaks only so.
    """

    datastream = models.OneToOneField(
        "sensing.Datastream", models.DO_NOTHING, db_column="datastream", db_constraint=False,
        primary_key=True, related_name="+",
    )  # fmt: skip
    arrived_at = models.DateTimeField()
    ts = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "late_arrival"

    def __str__(self) -> str:
        return f"{self.datastream_id}: {self.ts} came at {self.arrived_at}"
