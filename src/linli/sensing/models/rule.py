from django.db import models


class Rule(models.Model):
    """Marks that turn readings into levels (阈值规则); `definition` is read by `domain.threshold`.

    A changed rule keeps its row and counts `version` up, so that an exceedance names the marks it met.
    `category` is the class of the case that a level from `case_from_level` up asks for.
    """

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    definition = models.JSONField()
    category = models.CharField(max_length=30)
    case_from_level = models.CharField(max_length=10)
    scheme = models.CharField(max_length=60)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
