from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from linli.alerts import policy as alerts
from linli.audit import actions as audit
from linli.cases import policy as cases
from linli.cases import queries as case_facts
from linli.cases.domain.remarks import GIVES_A_UNIT
from linli.cases.queries import StepLine
from linli.command.domain.chain import Chain, Readings, evenly
from linli.command.domain.figures import Kind
from linli.command.domain.stream import AlertLine
from linli.command.queries.announced import COMMAND
from linli.command.queries.lines import alert_lines, case_lines
from linli.command.queries.past import alerts_then, cases_then
from linli.kernel.actor import Actor
from linli.sensing import queries as sensing
from linli.sensing.domain import rule_text

BEFORE: Final = timedelta(minutes=90)
AFTER: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=24)
POINTS: Final = 60
MOST_POINTS: Final = 600
MOST_ALERTS: Final = 50


def chain(actor: Actor, kind: Kind, number: int, *, now: datetime, looks_back: bool = False) -> Chain | None:
    """Return one matter from its reading to its check (链条), None if this actor may not see it.

    Whoever sees a case sees why it is there: the alert and the readings behind it, also where
    their area is not the actor's own, as for the unit that was sent. Looking back, `now` is the moment
    shown: what was not open then is None, and what came later has not happened.
    """
    if kind is Kind.CASE:
        return _of_case(actor, number, now, looks_back)
    found = _alerts(alerts.visible_alerts(actor).filter(pk=number), now, looks_back)
    if not found:
        return None
    whole = _of_case(actor, found[0].case_id, now, looks_back) if found[0].case_id else None
    return whole or Chain(alert=found[0], alerts=1, readings=_readings(found[0], now), case=None)


def _of_case(actor: Actor, number: int, now: datetime, looks_back: bool) -> Chain | None:
    seen = cases.visible_cases(actor).filter(pk=number)
    lines = cases_then(seen, now) if looks_back else case_lines(seen, actor, now=now, most=1)
    if not lines:
        return None
    with audit.acting(COMMAND):
        behind = _alerts(alerts.visible_alerts(COMMAND).filter(case_id=number), now, looks_back)
        steps = [step for step in case_facts.timeline(number) if step.at <= now]
    alert = behind[0] if behind else None
    is_sent = lines[0].state not in ("reported", "accepted", "filed", "void")
    return Chain(
        alert=alert, alerts=len(behind), readings=_readings(alert, now) if alert else None, case=lines[0],
        dispatched_at=_last(steps, GIVES_A_UNIT) if is_sent else None, handled_at=lines[0].handled_at,
        checked_at=_last(steps, {"check"}) if lines[0].state in ("checked", "closed") else None,
        closed_at=lines[0].ended_at,
    )


def _last(steps: Sequence[StepLine], moves: Container[str]) -> datetime | None:
    return next((step.at for step in reversed(steps) if step.move in moves), None)


def _alerts(found: "QuerySet[Any]", now: datetime, looks_back: bool) -> list[AlertLine]:
    return alerts_then(found, now) if looks_back else alert_lines(found, most=MOST_ALERTS)


def _readings(alert: AlertLine, now: datetime) -> Readings | None:
    """Return what was measured from an hour and a half before the alert to a half after it, or until now."""
    with audit.acting(COMMAND):
        found = alerts.visible_alerts(COMMAND).filter(pk=alert.id).values(
            "datastream_id", "rule_version", "rule__version", "rule__definition").get()
    start, end = alert.raised_at - BEFORE, min(now, (alert.cleared_at or now) + AFTER)
    start = max(start, end - LONGEST)
    measured = sensing.series(found["datastream_id"], start, end, MOST_POINTS)
    if not measured.points:
        return None
    spread = evenly([(point.at, point.mean) for point in measured.points], start, end, POINTS)
    mark = None
    if found["rule_version"] == found["rule__version"]:
        marks = rule_text.marks_of(found["rule__definition"])
        mark = next((mark.enter for mark in marks if mark.level is alert.peak_level and not mark.over_base), None)
    return Readings(tuple(spread), start, end, mark)
