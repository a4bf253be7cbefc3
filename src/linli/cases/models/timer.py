from typing import Final

from django.db import models
from django.db.models import Q

from linli.cases.domain.timers import TimerKind

WAITING: Final = Q(fired_at=None)


class CaseTimer(models.Model):
    """One thing that falls due with a case (案件计时); fired once, in the transaction of its step.

    What was overtaken before it fired is deleted; what fired stays. Row-secured by its case.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="timers")
    kind = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="cases_timer_waiting", condition=WAITING)]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "due_at"], name="cases_timer_once"),
            models.UniqueConstraint(fields=["case", "kind"], condition=WAITING, name="cases_timer_one_waits"),
            models.CheckConstraint(
                name="cases_timer_kind", condition=Q(kind__in=[kind.value for kind in TimerKind])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
