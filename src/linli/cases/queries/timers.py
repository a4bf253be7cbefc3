from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from linli.audit import actions as audit
from linli.cases.domain.stages import KINDS
from linli.cases.domain.workflow import State
from linli.cases.models import Case, CaseTimer
from linli.cases.models.words import limit_words
from linli.cases.queries.tables import stage_limit_of
from linli.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class StageClock:
    """How long a case may stand as it does (环节时限): by when, whether it is late, and the limit's words."""

    due_at: datetime
    is_late: bool
    limit_text: str


def stage_clock(case: Case, now: datetime) -> StageClock | None:
    """Return the clock of the stage a case is in (环节计时), None where it has none; as far as the open scope sees."""
    kind = KINDS.get(State(case.state))
    timer = CaseTimer.objects.filter(case=case, kind=kind.value).order_by("-pk").first() if kind else None
    if timer is None or case.merged_into_id is not None:
        return None
    return StageClock(timer.due_at, timer.due_at < now, limit_words(stage_limit_of(case)))


def timers_late_s(now: datetime) -> float:
    """Return by how many seconds the oldest timer that ought to have fired is late (计时延迟), 0 if none is."""
    with audit.acting(Actor.system("cases")):
        oldest = CaseTimer.objects.filter(fired_at=None, due_at__lte=now, case__merged_into=None).aggregate(
            oldest=Min("due_at"))["oldest"]
    return (now - oldest).total_seconds() if oldest else 0.0
