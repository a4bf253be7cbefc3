from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from linli.alerts import policy, queries
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

router = Router(tags=["alerts"])


class AlertOut(Schema):
    """One episode of one cause (预警); `level` is the present one, `none` once cleared."""

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


class TraceOut(Schema):
    """One exceedance that moved the alert (超限记录)."""

    exceedance: int
    datastream_id: int
    ts: datetime
    level_from: int
    level_to: int
    value: float


class AlertRecord(AlertOut):
    """An alert with the readings that moved it (预警详情).

    Many devices that failed alike are one alert: `gathers` says by what they hang together, `members` who they are.
    """

    gathers: str
    members: list[str]
    readings: list[TraceOut]


@router.get("", response=list[AlertOut])
def list_alerts(request: HttpRequest, cleared: bool = False, area: str = Query("", pattern="^[0-9]{0,15}$"),
                limit: int = Query(100, ge=1, le=200), offset: int = Query(0, ge=0, le=100_000)) -> HttpResponse:
    """List the alerts that the asker sees, most severe first; `cleared` = the past ones (预警列表)."""
    rows = policy.visible_alerts(_actor(request)).filter(cleared_at__isnull=not cleared, area_code__startswith=area)
    return _json(queries.alerts_json(rows.most_severe_first()[offset:offset + limit]))


@router.get("/pins", response=dict[str, Any])
def alert_pins(request: HttpRequest) -> HttpResponse:
    """Return the open alerts that the asker sees as GeoJSON points (未解除预警点位)."""
    return _json(queries.open_pins(_actor(request)))


@router.get("/{alert_id}", response=AlertRecord)
def get_alert(request: HttpRequest, alert_id: int) -> Any:
    """Return one alert with its readings (预警详情)."""
    alert = policy.visible_alerts(_actor(request)).filter(pk=alert_id).first()
    if alert is None:
        raise NotFound("alerts.no_such_alert", "There is no such alert.")
    return {**{name: getattr(alert, name) for name in (*AlertOut.model_fields, "gathers", "members")},
            "readings": [{name: getattr(line, name) for name in TraceOut.model_fields}
                         for line in queries.readings_of(alert.pk)]}


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _json(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")
