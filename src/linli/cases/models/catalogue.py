from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from linli.calendar.domain.units import LimitUnit
from linli.cases.domain.limits import Limit


class Category(models.Model):
    """What a report can be about (案件类别): an event class, or a problem of a component.

    `class_code` is the official sub-class where there is one. `component_classes` are the classes
    among which a component is looked for when none was named.
    """

    code = models.CharField(max_length=30, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    group_zh = models.CharField(max_length=40)
    group_en = models.CharField(max_length=60)
    class_code = models.CharField(max_length=4, blank=True, default="")
    component_classes = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    quick_pick = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    scheme = models.CharField(max_length=60)
    version = models.CharField(max_length=30)
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="cases_category_kind", condition=Q(kind__in=["component", "event"])),
            models.CheckConstraint(name="cases_category_class_code", condition=Q(class_code__regex=r"^([0-9]{4})?$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return its name in the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Condition(models.Model):
    """On what ground a case is filed (立案条件), how long it may then take, and what closes it (结案条件)."""

    code = models.CharField(max_length=60, unique=True)
    category = models.ForeignKey("cases.Category", on_delete=models.PROTECT, related_name="conditions")
    text_zh = models.CharField(max_length=120)
    text_en = models.CharField(max_length=160)
    limit_amount = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=20)
    close_zh = models.CharField(max_length=120)
    close_en = models.CharField(max_length=160)
    active = models.BooleanField(default=True)
    scheme = models.CharField(max_length=60)
    version = models.CharField(max_length=30)
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="cases_condition_limit", condition=Q(limit_amount__gt=0)),
            models.CheckConstraint(
                name="cases_condition_limit_unit", condition=Q(limit_unit__in=[unit.value for unit in LimitUnit])
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """Return the filing condition in the reader's language."""
        return self.text_zh if (get_language() or "").startswith("zh") else self.text_en

    @property
    def closes_when(self) -> str:
        """Return the closing condition in the reader's language."""
        return self.close_zh if (get_language() or "").startswith("zh") else self.close_en

    @property
    def limit(self) -> Limit:
        """Return how long a case filed on it may take."""
        return Limit(self.limit_amount, LimitUnit(self.limit_unit))
