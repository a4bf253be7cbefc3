from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr

from linli.organisations.domain.kind import UnitKind


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> "UnitQuerySet":
        """Keep the units that still work (在用单位)."""
        return self.filter(active=True)


class Unit(models.Model):
    """A unit that supervises, owns, maintains or handles (单位): an office, a company, a station.

    A residents' committee often has no unified code (统一社会信用代码); `code_kind` says so.
    The fall-back unit (兜底单位) takes what nobody else is answerable for: one per district.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    uscc = models.CharField(max_length=18, null=True, unique=True)  # noqa: DJ001  absent is unlike empty here
    code_kind = models.CharField(max_length=10, default="none")
    area_code = models.CharField(max_length=15)
    phone = models.CharField(max_length=30, default="", blank=True)
    is_fallback = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_unit_known_kind", condition=Q(kind__in=[k.value for k in UnitKind])
            ),
            models.CheckConstraint(
                name="organisations_unit_uscc_iff_coded",
                condition=Q(code_kind="uscc", uscc__isnull=False, uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$")
                | Q(code_kind__in=["none", "local"], uscc=None),
            ),
            models.CheckConstraint(
                name="organisations_unit_area_code", condition=Q(area_code__regex=r"^[0-9]{6}([0-9]{3}){0,3}$")
            ),
            models.UniqueConstraint(fields=["area_code", "name"], name="organisations_unit_once"),
            models.UniqueConstraint(
                Substr("area_code", 1, 6), condition=Q(is_fallback=True, active=True),
                name="organisations_unit_one_fallback_per_district",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DutyUnit(models.Model):
    """The unit on duty for an area and, unless one is named closer, for all below it (责任单位)."""

    area_code = models.CharField(max_length=15, unique=True)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_dutyunit_area_code", condition=Q(area_code__regex=r"^[0-9]{6}([0-9]{3}){0,3}$")
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.unit_id}"


class RetirementQuerySet(models.QuerySet["Retirement"]):
    def in_force(self) -> "RetirementQuerySet":
        """Keep what is planned or done and was not undone (有效停用)."""
        return self.filter(undone_at=None)


class Retirement(models.Model):
    """That a unit goes out of use on a day, and who takes over (单位停用); planned, carried out, perhaps undone.

    `moved` says what went over to the successor when it was carried out, by kind and id, so that it can come back.
    """

    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="retirements")
    successor = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    retires_on = models.DateField()
    accounts_follow = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    moved = models.JSONField(default=dict)

    objects = RetirementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(undone_at=None), name="organisations_retirement_one_in_force"
            ),
            models.CheckConstraint(
                name="organisations_retirement_to_another", condition=~Q(unit=models.F("successor"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.retires_on}"
