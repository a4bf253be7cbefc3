from datetime import datetime
from typing import Final

from django.db import connection, transaction

from linli.audit import actions as audit
from linli.calendar import queries as calendar
from linli.calendar.domain import running
from linli.calendar.domain.days import WorkingDays
from linli.calendar.domain.units import NATURAL_TIME
from linli.cases.domain.stages import KINDS
from linli.cases.domain.workflow import State
from linli.cases.models import Case, CaseTimer
from linli.cases.queries.tables import stage_limit_of
from linli.kernel.actor import Actor

BATCH: Final = 500
_OF_STAGES: Final = tuple(kind.value for kind in KINDS.values())
_MISSING: Final = """
SELECT c.id, coalesce(entered.at, c.opened_at)
FROM cases_case c JOIN unnest(%(states)s::text[], %(kinds)s::text[]) AS stage (state, kind) USING (state)
CROSS JOIN LATERAL (SELECT max(s.at) AS at FROM cases_casestep s
  WHERE s.case_id = c.id AND s.state = c.state AND s.before <> s.state) entered
WHERE c.merged_into_id IS NULL AND NOT EXISTS (
  SELECT FROM cases_casetimer t WHERE t.case_id = c.id AND t.kind = stage.kind
    AND (t.fired_at IS NULL OR t.due_at >= coalesce(entered.at, c.opened_at)))
"""


def enter(case: Case, now: datetime) -> None:
    """Say by when the stage that a case has just entered should be over (环节时限); the one before is over."""
    CaseTimer.objects.filter(case=case, fired_at=None, kind__in=_OF_STAGES).delete()
    begin(case, now)


def begin(case: Case, now: datetime) -> None:
    """Say by when the stage of a case that waits for nothing else should be over (环节计时)."""
    if due := _due(case, now):
        CaseTimer.objects.create(case=case, kind=KINDS[State(case.state)].value, due_at=due)


def hasten(case: Case, now: datetime) -> None:
    """Let the stage end sooner if the case's higher level asks for that (级别上调, 环节时限缩短)."""
    if due := _due(case, now):
        CaseTimer.objects.filter(case=case, fired_at=None, kind=KINDS[State(case.state)].value,
                                 due_at__gt=due).update(due_at=due)


@transaction.atomic
def begin_missing() -> int:
    """Give the stages that have no timer theirs, counted from when they were entered (补建环节计时); how many."""
    with audit.acting(Actor.system("cases")), connection.cursor() as cursor:
        cursor.execute(_MISSING, {"states": [state.value for state in KINDS], "kinds": list(_OF_STAGES)})
        entered = dict(cursor.fetchall())
        cases = Case.objects.filter(pk__in=entered).order_by("pk")
        days = calendar.calendars_for({case.area_code for case in cases})
        rows = [CaseTimer(case=case, kind=KINDS[State(case.state)].value, due_at=due) for case in cases
                if (due := _due(case, entered[case.pk], days[case.area_code]))]
        CaseTimer.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return len(rows)


def _due(case: Case, start: datetime, days: WorkingDays | None = None) -> datetime | None:
    limit = stage_limit_of(case)
    if limit is None:
        return None
    if days is None and limit.unit not in NATURAL_TIME:
        days = calendar.calendar_for(case.area_code)
    return running.add(start, limit.amount, limit.unit, days) if days else start + limit.amount * NATURAL_TIME[
        limit.unit]
