from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, Q

from linli.assets.domain.component import Duty


class ComponentDuty(models.Model):
    """Who is accountable for a component in one way, from one day until another (责任单位及其起止日期).

    A row without a unit says that somebody looked and nobody is known (无主); where there is no
    row, nothing is known. The three columns of a component are what holds today.
    """

    component = models.ForeignKey("assets.Component", models.PROTECT, related_name="duties", db_index=False)
    kind = models.CharField(max_length=11)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, null=True, related_name="+")
    valid = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="assets_duty_known_kind", condition=Q(kind__in=[duty.value for duty in Duty])),
            models.CheckConstraint(name="assets_duty_holds_a_day", condition=Q(valid__isempty=False)),
            ExclusionConstraint(name="assets_duty_one_at_a_time", deferrable=Deferrable.DEFERRED, expressions=[
                ("component", RangeOperators.EQUAL), ("kind", RangeOperators.EQUAL),
                ("valid", RangeOperators.OVERLAPS)]),
        ]

    def __str__(self) -> str:
        return f"{self.component_id} {self.kind} {self.valid}"
