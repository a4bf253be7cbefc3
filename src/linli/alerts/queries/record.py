from dataclasses import dataclass
from datetime import datetime

from linli.alerts.models import Alert, Trace
from linli.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class AlertCard:
    """An alert as others tell of it (预警名片)."""

    id: int
    thing_code: str
    thing_name: str
    rule_name: str
    rule_version: int
    metric: str
    unit_of_measurement: str
    cause: str
    level: str
    peak_level: str
    value: float
    peak_value: float
    area_code: str
    lon: float
    lat: float
    raised_at: datetime
    noticed_at: datetime
    cleared_at: datetime | None
    case_id: int | None


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One exceedance of an alert (超限记录): the reading's value and moment, and the levels it led between."""

    exceedance: int
    datastream_id: int
    ts: datetime
    level_from: int
    level_to: int
    value: float


def card(alert_id: int) -> AlertCard | None:
    """Return an alert that the open scope sees (预警名片), None if it sees none."""
    return next((_card(alert) for alert in Alert.objects.filter(pk=alert_id)), None)


def alerts_of_case(actor: Actor, case_id: int) -> list[AlertCard]:
    """Return the alerts behind a case that this actor sees (案件的预警), oldest first."""
    return [_card(alert) for alert in Alert.objects.visible_to(actor).filter(case_id=case_id).order_by("pk")]


def readings_of(alert_id: int) -> list[TraceLine]:
    """Return the exceedances that moved an alert (预警来路), oldest first, as far as the open scope sees them."""
    return [TraceLine(row.exceedance, row.datastream_id, row.ts, row.level_from, row.level_to, row.value)
            for row in Trace.objects.filter(alert_id=alert_id).order_by("exceedance")]


def _card(alert: Alert) -> AlertCard:
    return AlertCard(**{name: getattr(alert, name) for name in AlertCard.__dataclass_fields__})
