from django.db import models
from django.db.models import Q


class ComponentClass(models.Model):
    """A class of city components (部件小类), such as 0102 sewage manhole cover.

    A `gated` class (critical facilities, cameras) is for posts only: neither its places nor
    its units are public. `shown_from` is the zoom from which a map shows it one by one.
    """

    code = models.CharField(max_length=4, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    scheme = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    source = models.CharField(max_length=120)
    verified = models.BooleanField(default=False)
    gated = models.BooleanField(default=False)
    shown_from = models.PositiveSmallIntegerField(default=14)

    class Meta:
        constraints = [
            models.CheckConstraint(name="assets_componentclass_code", condition=Q(code__regex=r"^[0-9]{4}$")),
            models.CheckConstraint(
                name="assets_componentclass_shown_from", condition=Q(shown_from__gte=14, shown_from__lte=22)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"
