from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from linli.audit import actions as audit
from linli.calendar import queries as calendar
from linli.calendar.domain.days import WorkingDays
from linli.cases.actions import limits
from linli.cases.domain.timers import OF_LIMIT, SAYS, TimerKind, of_limit
from linli.cases.domain.workflow import State
from linli.cases.events import CaseMoved
from linli.cases.models import Case, CaseStep, CaseTimer
from linli.kernel.actor import Actor
from linli.outbox import actions as outbox

BATCH: Final = 500
_RUNS_IN: Final = frozenset({State.FILED.value, State.DISPATCHED.value})
_SYSTEM: Final = Actor.system("cases")
_FIRE: Final = """
WITH due AS (
  SELECT t.id, t.case_id, t.kind, t.due_at, c.state, c.unit_id
  FROM cases_casetimer t JOIN cases_case c ON c.id = t.case_id
  WHERE t.fired_at IS NULL AND t.due_at <= %(now)s AND c.merged_into_id IS NULL
  ORDER BY t.due_at, t.id LIMIT %(batch)s FOR UPDATE OF t, c SKIP LOCKED),
says AS (SELECT * FROM unnest(%(kinds)s::text[], %(moves)s::text[]) AS s(kind, move)),
fired AS (UPDATE cases_casetimer t SET fired_at = %(now)s FROM due WHERE t.id = due.id),
told AS (
  INSERT INTO cases_casestep (case_id, move, before, state, at, actor, post, unit_id, given, once)
  SELECT due.case_id, says.move, due.state, due.state, %(now)s, %(actor)s, '', due.unit_id,
    jsonb_build_object('due_at', due.due_at), 'timer:' || due.id
  FROM due JOIN says USING (kind) ORDER BY due.due_at, due.id)
SELECT id, case_id, kind FROM due ORDER BY due_at, id
"""


def settle(cases: Sequence[tuple[Case, WorkingDays]]) -> None:
    """Make the waiting timers of these locked cases what their limits say now (重排计时); what fired stays fired."""
    CaseTimer.objects.filter(case__in=[case.pk for case, _ in cases], fired_at=None,
                             kind__in=[kind.value for kind in OF_LIMIT]).delete()
    rows = [CaseTimer(case=case, kind=kind.value, due_at=at) for case, days in cases
            for kind, at in _wanted(case, days).items()]
    CaseTimer.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


@transaction.atomic
def fire(now: datetime) -> int:
    """Fire what has fallen due, at most a batch, each once (触发计时); return how many were fired.

    Several workers may do so at once: what another one holds, or whose case is just being moved, is
    passed over and taken the next time. Step, event and `fired_at` stand or fall together.
    """
    with audit.acting(_SYSTEM), connection.cursor() as cursor:
        cursor.execute(_FIRE, {"now": now, "batch": BATCH, "actor": _SYSTEM.ref, "kinds": [kind.value for kind in SAYS],
                               "moves": [remark.value for remark in SAYS.values()]})
        fired = cursor.fetchall()
        for case in Case.objects.filter(pk__in=[case_id for _, case_id, kind in fired if kind == TimerKind.RESUME]):
            limits.resume(case, now)
            case.save(update_fields=["resumed_at", "near_at", "due_at"])
        if fired:
            audit.record("cases.timers_fired", actor=_SYSTEM, target="cases:timers",
                         fired={timer: kind for timer, _, kind in fired})
            outbox.publish_all([CaseMoved(case_id=each) for each in dict.fromkeys(case_id for _, case_id, _ in fired)])
    return len(fired)


@transaction.atomic
def settle_all(now: datetime) -> int:
    """Count every running limit again by the calendar as it is now (重算期限); return how many cases end otherwise.

    Needed when a year was loaded or changed: what ended in the unknown now ends at a moment.
    """
    with audit.acting(_SYSTEM):
        cases = list(Case.objects.still_open().select_for_update().filter(state__in=sorted(_RUNS_IN)).order_by("pk"))
        days = calendar.calendars_for({case.area_code for case in cases})
        before = {case.pk: case.due_at for case in cases}
        for case in cases:
            limits.settle(case, days[case.area_code])
        changed = [case for case in cases if case.due_at != before[case.pk]]
        Case.objects.bulk_update(changed, ["near_at", "due_at"], batch_size=BATCH)
        settle([(case, days[case.area_code]) for case in changed])
        CaseStep.objects.bulk_create([_due_changed(case, before[case.pk], now) for case in changed], batch_size=BATCH)
        if changed:
            audit.record("cases.limits_settled", actor=_SYSTEM, target="cases:limits", cases=len(changed))
            outbox.publish_all([CaseMoved(case_id=case.pk) for case in changed])
    return len(changed)


@transaction.atomic
def begin_missing() -> int:
    """Give running limits that have no timer theirs (补建计时): those begun before there were timers; how many."""
    with audit.acting(_SYSTEM):
        cases = list(Case.objects.still_open().select_for_update().filter(state__in=sorted(_RUNS_IN)).exclude(
            due_at=None).exclude(timers__kind__in=[kind.value for kind in OF_LIMIT]).order_by("pk"))
        days = calendar.calendars_for({case.area_code for case in cases})
        settle([(case, days[case.area_code]) for case in cases])
    return len(cases)


def _wanted(case: Case, days: WorkingDays) -> dict[TimerKind, datetime]:
    if case.state not in _RUNS_IN or case.clock is None:
        return {}
    moments = of_limit(case.clock, days)
    if case.is_suspended and case.suspended_until is not None:
        moments[TimerKind.RESUME] = case.suspended_until
    return moments


def _due_changed(case: Case, before: datetime | None, now: datetime) -> CaseStep:
    told = {"from": before.isoformat() if before else "", "to": case.due_at.isoformat() if case.due_at else ""}
    return CaseStep(case=case, move="due_changed", before=case.state, state=case.state, at=now, actor=_SYSTEM.ref,
                    unit_id=case.unit_id, given=told)
