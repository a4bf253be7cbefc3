from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from linli.alerts.models import Alert, AlertQuerySet
from linli.kernel.actor import Actor

PINS_AT_MOST: Final = 10_000
PIN: Final = ("id", "thing_code", "thing_name", "cause", "level", "lon", "lat", "case_id")
LINE: Final = (*PIN, "rule_name", "rule_version", "metric", "unit_of_measurement", "value", "peak_value", "peak_level",
               "area_code", "component_id", "raised_at", "changed_at", "noticed_at", "cleared_at", "case_refused")


def open_pins(actor: Actor) -> str:
    """Return the open alerts this actor sees as GeoJSON text (未解除预警点位), made by the database."""
    pins = Alert.objects.visible_to(actor).still_open().most_severe_first().values(*PIN)[:PINS_AT_MOST]
    return _text(
        "SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object("
        "'type', 'Feature', 'id', id, 'geometry',"
        " json_build_object('type', 'Point', 'coordinates', json_build_array(lon, lat)),"
        " 'properties', json_build_object('id', id, 'thing', thing_code, 'name', thing_name, 'cause', cause,"
        " 'level', level, 'case', case_id))), '[]'::json))::text FROM ({rows}) pin",
        pins, empty='{"type": "FeatureCollection", "features": []}')


def alerts_json(alerts: AlertQuerySet) -> str:
    """Return the lines of a list as JSON text (预警列表), in the list's own order, made by the database."""
    return _text("SELECT coalesce(json_agg(row_to_json(line)), '[]'::json)::text FROM ({rows}) line",
                 alerts.values(*LINE), empty="[]")


def _text(sql: str, rows: QuerySet[Alert, Any], *, empty: str) -> str:
    try:
        inner, params = rows.query.sql_with_params()
    except EmptyResultSet:  # an actor without a post
        return empty
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{rows}", inner), params)
        return str(cursor.fetchone()[0])
