import json
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, JSONArray, JSONObject
from django.utils.translation import get_language

from linli.alerts import policy as alerts
from linli.cases import policy as cases
from linli.command.domain.past import Past
from linli.command.domain.stream import Row
from linli.command.queries import choice
from linli.command.queries.past import past
from linli.kernel.actor import Actor

MOST: Final = 5000


def pins(actor: Actor, *, now: datetime, looks_back: bool = False) -> bytes:
    """Return the marks of the map (地图标记) as GeoJSON, written by the database around the policies' own rows.

    One mark a chain: an open alert, or a case that has no open alert in sight. It is named in the
    reader's language, and its address opens the chain. Looking back, `now` is the moment shown.
    """
    if looks_back:
        return _then(past(actor, now))
    chinese = (get_language() or "").startswith("zh")
    open_alerts = alerts.visible_alerts(actor).filter(choice.OPEN_ALERT)
    of_alert = _feature(
        open_alerts.order_by(F("level_rank").desc(), "-pk"), kind="alert", late=Value(0), level=F("level"),
        title=F("rule_name" if chinese else "rule_name_en"),
    )
    told = Exists(open_alerts.filter(case_id=OuterRef("pk")))
    of_case = _feature(
        cases.visible_cases(actor).filter(choice.OPEN_CASE).exclude(told).order_by(F("level_rank").desc(), "-pk"),
        kind="case", late=Case(When(choice.late(now), then=1), default=0), level=F("level"),
        title=F("category__name_zh" if chinese else "category__name_en"),
    )
    features = b",".join(part for part in (_written(of_alert), _written(of_case)) if part)
    return b'{"type":"FeatureCollection","features":[' + features + b"]}"


def _then(then: Past) -> bytes:
    features = [_mark(row, then.at) for row in then.rows[:MOST]]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _mark(row: Row, at: datetime) -> dict[str, Any]:
    shown = row.alert or row.case
    kind = "alert" if row.alert else "case"
    properties = {"kind": kind, "id": shown.id, "url": f"/command/?at={at.timestamp():.0f}&select={row.key}",
                  "level": row.level.word, "late": int(row.case is not None and row.case.is_late(at)),
                  "title": row.alert.rule_name if row.alert else row.case.category if row.case else ""}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": row.where}, "properties": properties}


def _feature(found: "QuerySet[Any]", *, kind: str, **properties: Any) -> "QuerySet[Any]":
    address = Concat(Value(f"/command/?select={kind}:"), Cast("pk", CharField()), output_field=CharField())
    return found.values_list(JSONObject(
        type=Value("Feature"),
        geometry=JSONObject(type=Value("Point"), coordinates=JSONArray("lon", "lat")),
        properties=JSONObject(kind=Value(kind), id=F("pk"), url=address, **properties),
    ))[:MOST]  # fmt: skip


def _written(found: "QuerySet[Any]") -> bytes:
    try:
        sql, params = found.query.sql_with_params()
    except EmptyResultSet:  # nothing can be in sight
        return b""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(feature::text, ',') FROM ({sql}) AS found (feature)", params)  # noqa: S608
        return (cursor.fetchone()[0] or "").encode()
