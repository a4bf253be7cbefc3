from django.db import models


class Unreached(models.Model):
    """That nobody held a post that was to be told of `once`, and which post was told instead (无人接收, 代收岗位).

    `told` "" = nobody at all. Row-secured: for Linli itself only; written once.
    """

    once = models.CharField(max_length=120)
    role = models.CharField(max_length=20)
    area = models.CharField(max_length=15, blank=True, default="")
    unit = models.ForeignKey("organisations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    told = models.CharField(max_length=20, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["once", "role", "area", "unit"], nulls_distinct=False,
                                    name="notices_unreached_once")
        ]
        indexes = [models.Index(fields=["-at"], name="notices_unreached_newest")]

    def __str__(self) -> str:
        return f"{self.role} of {self.once}"
