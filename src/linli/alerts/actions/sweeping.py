from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from linli.alerts.actions.to_case import say_recovered
from linli.alerts.actions.wanted import Wanted, wanted_of
from linli.alerts.events import AlertChanged, AlertCleared, AlertRaised
from linli.alerts.models import Alert
from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.domain.intake import Report, Source
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError
from linli.kernel.level import Level
from linli.outbox import actions as outbox
from linli.sensing import actions as sensing
from linli.sensing import queries as devices
from linli.sensing.domain.faults import Condition, clock_limit_of

LOCK: Final = 0x6465766963
_SELF: Final = Actor.system("alerts")
NAMED_AT_MOST: Final = 30
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one look came to (巡检结果)."""

    raised: int = 0
    cleared: int = 0
    cases: int = 0


@transaction.atomic
def sweep_devices() -> Swept:
    """Look at all devices at once: raise alerts for those with a fault, clear the others (设备巡检).

    They are no danger levels: what a device last said of danger stays as it was. While ingest itself is
    away or behind, nobody knows who is silent, and everything stays. Many devices of a gateway, an
    area or a kit that fail alike are one alert. A fault that lasts becomes a case.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return Swept()
    heard = sensing.listened_since(now)
    rules = devices.fault_rules()
    if heard is None or not set(Condition) <= set(rules):
        return Swept()
    clocks = clock_limit_of(rules[Condition.CLOCK]["definition"])
    sensing.look_at_readings(now, clocks)
    standing = {(alert.gathers or alert.datastream_id, alert.rule_id): alert for alert in Alert.objects.still_open()
                .filter(rule_id__in=[rule["id"] for rule in rules.values()]).select_for_update().order_by("pk")}
    wanted = {wish.key: wish for wish in wanted_of(devices.faults(*heard, clocks), rules, standing)}
    raised = [_new_alert(wish, now) for key, wish in wanted.items() if key not in standing]
    Alert.objects.bulk_create(raised)
    for alert in raised:
        _announce("raise", alert)
    gone = [alert for key, alert in standing.items() if key not in wanted]
    for alert in gone:
        _clear(alert, now)
    stay = {key: alert for key, alert in standing.items() if key in wanted}
    _count_anew(stay, wanted)
    made = _ask_for_cases(stay, wanted, now)
    return Swept(len(raised), len(gone), made)


def _new_alert(wish: Wanted, now: datetime) -> Alert:
    row, rule = wish.row, wish.rule
    minutes = round((now - row.since) / _MINUTE, 1)
    return Alert(
        datastream_id=row.datastream_id, rule_id=rule["id"], rule_version=rule["version"], rule_name=rule["name_zh"],
        rule_name_en=rule["name_en"], thing_code=row.thing_code, thing_name=wish.name, metric=row.metric,
        unit_of_measurement="min", cause=rule["category"], level=Level.BLUE.word, peak_level=Level.BLUE.word,
        value=minutes, peak_value=minutes, area_code=wish.area_code, lon=wish.point.lon, lat=wish.point.lat,
        component_id=None if wish.gathers else row.component_id, raised_at=row.since, changed_at=now, noticed_at=now,
        gathers=wish.gathers, members=list(wish.members),
    )


def _clear(alert: Alert, now: datetime) -> None:
    alert.level, alert.changed_at, alert.cleared_at = Level.NONE.word, now, now
    alert.save(update_fields=["level", "changed_at", "cleared_at"])
    _announce("clear", alert)
    say_recovered(alert)


def _count_anew(standing: Mapping[Any, Alert], wanted: Mapping[Any, Wanted]) -> None:
    """Say which devices of a group have the fault now, and how many, where that has changed."""
    for key, alert in standing.items():
        members = list(wanted[key].members)
        if alert.gathers and (alert.thing_name, alert.members) != (wanted[key].name, members):
            alert.thing_name, alert.members = wanted[key].name, members
            alert.save(update_fields=["thing_name", "members"])


def _ask_for_cases(standing: Mapping[Any, Alert], wanted: Mapping[Any, Wanted], now: datetime) -> int:
    """Hand in a report for each fault that has lasted its time since it was noticed (转案件)."""
    due = [(alert, wanted[key]) for key, alert in standing.items() if alert.case_id is None and not alert.case_refused
           and now - alert.noticed_at >= timedelta(seconds=wanted[key].row.case_after_s)]
    reports = [(alert, _report(alert, wish)) for alert, wish in due]
    cases.reserve([report for _, report in reports])
    for alert, report in reports:
        try:
            with transaction.atomic():
                alert.case_id = cases.submit(report, actor=_SELF).case_id
        except DomainError as refusal:
            alert.case_refused = refusal.code[:60]
        alert.save(update_fields=["case", "case_refused"])
        outbox.publish(AlertChanged(alert_id=alert.pk))
    return len(reports)


def _report(alert: Alert, wish: Wanted) -> Report:
    of_metric = f", {alert.metric}" if alert.metric else ""
    named = f"{alert.thing_name} ({alert.thing_code}{of_metric}): {alert.rule_name}"
    return Report(
        source=Source.SENSOR, source_ref=f"alert:{alert.pk}", category=wish.row.category, where=alert.where,
        seen_at=alert.noticed_at, level=Level.BLUE, component_id=alert.component_id,
        text=f"{alert.thing_name}: {alert.rule_name}. {_listed(alert.members)}" if alert.gathers else named,
        facts={"alert": alert.pk, "thing": alert.thing_code, "thing_name": alert.thing_name, "metric": alert.metric,
               "rule": wish.rule["name"], "rule_version": alert.rule_version, "since": alert.raised_at.isoformat(),
               "gathers": alert.gathers},
    )


def _listed(members: Sequence[str]) -> str:
    """Return the members of a group as far as a text has room for them (成员列举)."""
    return ", ".join(members[:NAMED_AT_MOST]) + (" …" if len(members) > NAMED_AT_MOST else "")


def _announce(deed: str, alert: Alert) -> None:
    audit.record(f"alerts.{deed}", actor=_SELF, target=f"alert:{alert.pk}", level=alert.level, case=alert.case_id)
    outbox.publish(AlertRaised(alert_id=alert.pk) if deed == "raise" else AlertCleared(alert_id=alert.pk))
