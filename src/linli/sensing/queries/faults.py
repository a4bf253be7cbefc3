from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from linli.kernel.geo import Point
from linli.sensing.domain.faults import SHORTEST_S, Condition

_FACTS: Final = """
    t.id, t.code, t.name, t.component_id, t.lon, t.lat, t.area_code, t.gateway, k.fault_category, k.fault_case_after_s
"""
_OFFLINE: Final = f"""
    SELECT {_FACTS},
           (SELECT min(d.id) FROM sensing_datastream d WHERE d.thing_id = t.id),
           '', greatest(s.seen_at, t.adopted_at)
    FROM sensing_thing t JOIN sensing_kit k ON k.code = t.kit LEFT JOIN device_status s ON s.device = t.code
    WHERE t.adopted_at IS NOT NULL
      AND %(known_to)s - greatest(s.seen_at, t.adopted_at)
          > greatest(k.missed_heartbeats * k.heartbeat_s, %(shortest_s)s) * interval '1 second'
      AND %(known_to)s - %(since)s >= k.heartbeat_s * interval '1 second'
"""  # noqa: S608
_SILENT: Final = f"""
    WITH late AS MATERIALIZED (
      SELECT y.datastream_id, l.arrived_at, y.silent_after_s * interval '1 second' AS may_miss
      FROM sensing_steady y JOIN latest l ON l.datastream = y.datastream_id
      WHERE l.arrived_at < %(known_to)s - y.silent_after_s * interval '1 second')
    SELECT DISTINCT ON (t.id) {_FACTS}, d.id, d.metric, l.arrived_at
    FROM late l JOIN sensing_datastream d ON d.id = l.datastream_id JOIN sensing_thing t ON t.id = d.thing_id
    JOIN sensing_kit k ON k.code = t.kit JOIN device_status s ON s.device = t.code
    WHERE t.adopted_at IS NOT NULL AND s.seen_at - l.arrived_at > l.may_miss
    ORDER BY t.id, d.id
"""  # noqa: S608
_STUCK: Final = f"""
    SELECT DISTINCT ON (t.id) {_FACTS}, d.id, d.metric, y.since
    FROM sensing_steady y
    JOIN sensing_datastream d ON d.id = y.datastream_id JOIN sensing_thing t ON t.id = d.thing_id
    JOIN sensing_kit k ON k.code = t.kit
    WHERE y.is_stuck AND y.may_stay_s IS NOT NULL AND t.adopted_at IS NOT NULL
    ORDER BY t.id, d.id
"""  # noqa: S608
_SIZES: Final = """
    SELECT 'gateway:' || gateway, count(*) FROM sensing_thing WHERE adopted_at IS NOT NULL AND gateway <> '' GROUP BY 1
    UNION ALL
    SELECT 'area:' || left(area_code, w), count(*) FROM sensing_thing, unnest(ARRAY[6, 9, 12]) w
    WHERE adopted_at IS NOT NULL AND length(area_code) >= w GROUP BY 1
"""
_INGEST: Final = "SELECT at, lag_s FROM metrics_heartbeat WHERE part = 'ingest'"
_RULES: Final = "SELECT row_to_json(r) FROM sensing_rule r WHERE definition->>'kind' = 'device'"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRow:
    """One thing that is wrong with one device (设备异常), with all that an alert needs to know of it.

    Attributes:
        datastream_id: of the metric, or one of the device's if all are missing; metric is empty then.
        since: when it was last heard, or since when its value stands.
    """

    condition: Condition
    thing_id: int
    thing_code: str
    thing_name: str
    component_id: int | None
    point: Point
    area_code: str
    gateway: str
    category: str
    case_after_s: float
    datastream_id: int
    metric: str
    since: datetime

    @property
    def groups(self) -> tuple[str, ...]:
        """Return what it may have fallen with: its gateway, its community, street and district."""
        areas = (f"area:{self.area_code[:width]}" for width in (12, 9, 6) if len(self.area_code) >= width)
        return ((f"gateway:{self.gateway}",) if self.gateway else ()) + tuple(areas)


def heard_by_ingest() -> tuple[datetime, float] | None:
    """Return when ingest last gave a sign of life and how far behind it was, seconds; None if it never did."""
    with connection.cursor() as cursor:
        cursor.execute(_INGEST)
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def faults(known_to: datetime, since: datetime) -> list[FaultRow]:
    """Return what is wrong with devices (设备异常), set-based: of each condition the first metric of a device.

    An offline device is not silent besides, nor a silent metric stuck.

    Args:
        known_to: up to when everything that was said is stored.
        since: from when on we have listened without a break: a device gets one heartbeat from then.
    """
    given = {"known_to": known_to, "since": since, "shortest_s": SHORTEST_S}
    offline = _rows(Condition.OFFLINE, _OFFLINE, given)
    gone = {row.thing_id for row in offline}
    rest = [*_rows(Condition.SILENT, _SILENT, given), *_rows(Condition.STUCK, _STUCK, given)]
    silent = {row.datastream_id for row in rest if row.condition is Condition.SILENT}
    return offline + [row for row in rest if row.thing_id not in gone
                      and (row.condition is Condition.SILENT or row.datastream_id not in silent)]  # fmt: skip


def fleet_sizes() -> dict[str, int]:
    """Return how many devices each gateway and each area has (设备数)."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        return dict(cursor.fetchall())


def fault_rules() -> dict[str, Mapping[str, Any]]:
    """Return the rules about devices by their condition (设备规则)."""
    with connection.cursor() as cursor:
        cursor.execute(_RULES)
        return {rule["definition"]["condition"]: rule for (rule,) in cursor.fetchall()}


def _rows(condition: Condition, statement: str, given: Mapping[str, Any]) -> list[FaultRow]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [
            FaultRow(condition=condition, thing_id=row[0], thing_code=row[1], thing_name=row[2], component_id=row[3],
                     point=Point(row[4], row[5]), area_code=row[6], gateway=row[7], category=row[8],
                     case_after_s=row[9], datastream_id=row[10], metric=row[11], since=row[12])
            for row in cursor.fetchall() if row[10] is not None
        ]  # fmt: skip
