from datetime import datetime
from typing import Final

from django.db.models import Case as Choice
from django.db.models import CharField, Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from linli.cases.domain.remarks import Remark
from linli.cases.domain.workflow import OPEN, State
from linli.cases.models import Case, CaseQuerySet, CaseReport, CaseStep

_OPEN: Final = sorted(state.value for state in OPEN)
_DONE: Final = (State.HANDLED.value, State.CHECKED.value)
_MERGING: Final = (Remark.MERGED_INTO.value, Remark.UNMERGED.value)
_CHANGES_LIMIT: Final = ("agree_extension", "agree_suspension", "resume", "reopen", "refuse_closure",
                         Remark.RESUMED.value, Remark.DUE_CHANGED.value)


def open_at(cases: CaseQuerySet, at: datetime) -> QuerySet[Case]:
    """Keep the cases that were open at `at` (彼时在办), each with what it was then, read from its steps.

    `state_then`, `unit_then`, `level_then`, `filed_then`, `handled_then`, `reports_then`; `near_then` and
    `due_then` are None where the limit was changed since, for how it stood before is not kept.
    """
    steps = CaseStep.objects.filter(case=OuterRef("pk"))
    before, after = steps.filter(at__lte=at).order_by("-pk"), steps.filter(at__gt=at).order_by("pk")
    stirred = Case.objects.filter(state__in=_OPEN).values("pk").union(CaseStep.objects.filter(at__gt=at).values("case"))
    raised = after.filter(move=Remark.LEVEL_RAISED.value).annotate(was=KT("given__from")).values("was")
    reports = CaseReport.objects.filter(case=OuterRef("pk"), received_at__lte=at).order_by().values("case")
    limit_stood = Q(filed_at__lte=at) & ~Exists(after.filter(move__in=_CHANGES_LIMIT))
    return cases.filter(opened_at__lte=at, pk__in=stirred).annotate(
        state_then=Subquery(before.values("state")[:1]),
        unit_then=Subquery(before.values("unit__name")[:1]),
        level_then=Coalesce(Subquery(raised[:1], output_field=CharField()), "level"),
        filed_then=_where(Q(filed_at__lte=at), F("filed_at")),
        near_then=_where(limit_stood, F("near_at")),
        due_then=_where(limit_stood, F("due_at")),
        handled_then=_where(Q(state_then__in=_DONE), Subquery(before.filter(move="report_done").values("at")[:1])),
        reports_then=Subquery(reports.annotate(n=Count("pk")).values("n")),
        merging_then=Coalesce(Subquery(before.filter(move__in=_MERGING).values("move")[:1]), Value("")),
    ).filter(state_then__in=_OPEN).exclude(merging_then=Remark.MERGED_INTO.value)


def _where(condition: Q, value: F | Subquery) -> Choice:
    return Choice(When(condition, then=value), default=None, output_field=DateTimeField())
