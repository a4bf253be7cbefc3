from django.db import models
from django.db.models import F, Q

from linli.cases.domain.merging import Verdict
from linli.cases.domain.workflow import OPEN
from linli.kernel.actor import Actor
from linli.kernel.role import Role

_OPEN = sorted(state.value for state in OPEN)


class LikenessQuerySet(models.QuerySet["Likeness"]):
    def asked(self) -> "LikenessQuerySet":
        """Keep what is still to be decided (待判): both cases open, neither merged.

        What one of them was asked for another case (`via`) is asked only while that case rests in it.
        """
        holds = Q(via=None) | Q(via__merged_into=F("case")) | Q(via__merged_into=F("other"))
        return self.filter(holds, state=Verdict.PENDING.value, case__state__in=_OPEN, case__merged_into=None,
                           other__state__in=_OPEN, other__merged_into=None)

    def of_case(self, case_id: int) -> "LikenessQuerySet":
        """Keep what is asked about this case."""
        return self.filter(Q(case=case_id) | Q(other=case_id))

    def for_acceptor(self, actor: Actor) -> "LikenessQuerySet":
        """Keep what this actor may decide (可判): an acceptor over the areas of both cases."""
        over = Q(pk__in=[])
        for post in actor.posts:
            if post.role == Role.ACCEPTOR:
                over |= Q(case__area_code__startswith=post.area, other__area_code__startswith=post.area)
        return self.filter(over)


class Likeness(models.Model):
    """Two cases that may be one matter (疑似同一案件), and what the acceptor said; row-secured by both.

    `case` is the later one; `parts` are those of `domain.merging.Score`, as they were when it came in. `via` is the
    merged case of which this was asked first, None where it was asked of these two.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="likenesses")
    other = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    via = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    score = models.FloatField()
    parts = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=Verdict.PENDING.value)
    decided_by = models.CharField(max_length=100, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["other"], name="cases_likeness_other")]
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="cases_likeness_once"),
            models.CheckConstraint(name="cases_likeness_later_first", condition=Q(case__gt=F("other"))),
            models.CheckConstraint(name="cases_likeness_score", condition=Q(score__gte=0, score__lte=1)),
            models.CheckConstraint(
                name="cases_likeness_decided",
                condition=Q(state=Verdict.PENDING.value, decided_by="", decided_at=None)
                | Q(state__in=[Verdict.SAME.value, Verdict.DIFFERENT.value], decided_at__isnull=False)
                & ~Q(decided_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} ~ {self.other_id}"
