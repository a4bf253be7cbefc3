from django.db import models


class Receipt(models.Model):
    """Up to which of a device's numbered messages all are stored (回执)."""

    pk = models.CompositePrimaryKey("device", "session")
    device = models.CharField(max_length=100)
    session = models.CharField(max_length=64)
    acked_n = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "receipt"

    def __str__(self) -> str:
        return f"{self.device} {self.session}: {self.acked_n}"


class Cursor(models.Model):
    """The last message of the stream whose effect is stored (游标)."""

    stream = models.CharField(max_length=60, primary_key=True)
    created = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    seq_ns = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ingest_cursor"

    def __str__(self) -> str:
        return f"{self.stream}: {self.seq}"


class Quarantined(models.Model):
    """A message of which at least one part was refused, with the reason (隔离区); a ring, the oldest goes first."""

    id = models.BigAutoField(primary_key=True)
    device = models.CharField(max_length=100)
    kind = models.CharField(max_length=1)
    reason = models.CharField(max_length=30)
    detail = models.TextField()
    refused = models.IntegerField()
    payload = models.BinaryField()
    payload_bytes = models.IntegerField()
    arrived_at = models.DateTimeField()
    stream_seq = models.BigIntegerField()
    replayed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "quarantine"

    def __str__(self) -> str:
        return f"{self.device} {self.reason} {self.detail}"


class QuarantineCount(models.Model):
    """How often a device was refused for a reason, also after the ring forgot (隔离计数)."""

    pk = models.CompositePrimaryKey("device", "reason")
    device = models.CharField(max_length=100)
    reason = models.CharField(max_length=30)
    count = models.BigIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "quarantine_count"

    def __str__(self) -> str:
        return f"{self.device} {self.reason}: {self.count}"


class DeviceStatus(models.Model):
    """When a device was last heard and what it said of itself (设备状态); counts are approximate over a crash."""

    device = models.CharField(max_length=100, primary_key=True)
    seen_at = models.DateTimeField()
    messages = models.BigIntegerField()
    unnumbered = models.BigIntegerField()
    status = models.JSONField(null=True)
    status_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "device_status"

    def __str__(self) -> str:
        return f"{self.device} seen {self.seen_at}"


class ReplayRequest(models.Model):
    """A wish to read a device's quarantined messages once more (重放请求); the app asks, ingest answers."""

    id = models.BigAutoField(primary_key=True)
    device = models.CharField(max_length=100)
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    replayed = models.IntegerField(null=True)
    refused = models.IntegerField(null=True)

    class Meta:
        managed = False
        db_table = "replay_request"

    def __str__(self) -> str:
        return f"{self.device} asked {self.asked_at}"
