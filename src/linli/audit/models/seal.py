from django.db import models

from linli.audit.models.entry import Entry


class Unsealed(models.Model):
    """An entry that waits for its seal (待封条目): queued by a trigger, in the entry's own transaction."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"entry {self.entry_id}"


class Seal(models.Model):
    """One link of the chain (封印): the entry's number and the digest over everything up to it; never changed.

    Attributes:
        method: `sha256` or `sm3`.
        signature: Ed25519 over number and digest; only on the last link of each round, empty elsewhere.
    """

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    method = models.CharField(max_length=6)
    digest = models.BinaryField()
    signature = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="audit_seal_numbers_from_one", condition=models.Q(number__gte=1)),
            models.CheckConstraint(name="audit_seal_method", condition=models.Q(method__in=["sha256", "sm3"])),
        ]

    def __str__(self) -> str:
        return f"{self.number} {bytes(self.digest).hex()}"
