from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from linli.kernel.geo import Point
from linli.sensing.domain.faults import SHORTEST_S, ClockLimit, Condition
from linli.sensing.domain.refusal import Refusal

SLACK: Final = timedelta(seconds=1)  # what came while a batch was committed is shown a moment later
_FACTS: Final = """
    t.id, t.code, t.name, t.component_id, t.lon, t.lat, t.area_code, t.gateway, t.kit,
    k.fault_category, k.fault_case_after_s
"""
_HEARD: Final = """
    greatest(s.seen_at, t.adopted_at,
      (SELECT max(greatest(l.arrived_at, a.arrived_at)) FROM sensing_datastream d
       JOIN latest l ON l.datastream = d.id LEFT JOIN late_arrival a ON a.datastream = d.id WHERE d.thing_id = t.id),
      (SELECT max(q.last_at) FROM quarantine_count q WHERE q.device = t.code))
"""
_OFFLINE: Final = f"""
    SELECT {_FACTS},
           (SELECT min(d.id) FROM sensing_datastream d WHERE d.thing_id = t.id),
           '', heard.at
    FROM sensing_thing t JOIN sensing_kit k ON k.code = t.kit LEFT JOIN device_status s ON s.device = t.code
    CROSS JOIN LATERAL (SELECT greatest(k.missed_heartbeats * k.heartbeat_s, %(shortest_s)s)
                               * interval '1 second' AS may_miss) rule
    CROSS JOIN LATERAL (SELECT {_HEARD} AS at) heard
    WHERE t.adopted_at IS NOT NULL AND %(known_to)s - greatest(s.seen_at, t.adopted_at) > rule.may_miss
      AND %(known_to)s - heard.at > rule.may_miss
      AND %(known_to)s - %(since)s >= k.heartbeat_s * interval '1 second'
"""  # noqa: S608
_CLOCK: Final = f"""
    SELECT {_FACTS},
           (SELECT min(d.id) FROM sensing_datastream d WHERE d.thing_id = t.id), '', told.since
    FROM (
      SELECT thing_id, since_at AS since FROM sensing_clockdoubt WHERE is_wrong
      UNION ALL
      SELECT t.id, greatest(t.adopted_at, taken.at) FROM sensing_thing t
      JOIN (SELECT device, max(last_at) AS at FROM quarantine_count WHERE reason = ANY(%(by_time)s) GROUP BY 1) q
        ON q.device = t.code
      CROSS JOIN LATERAL (
        SELECT max(greatest(l.arrived_at, a.arrived_at)) AS at FROM sensing_datastream d
        JOIN latest l ON l.datastream = d.id LEFT JOIN late_arrival a ON a.datastream = d.id
        WHERE d.thing_id = t.id) taken
      WHERE q.at - greatest(t.adopted_at, taken.at) >= %(clock_for_s)s * interval '1 second'
        AND NOT EXISTS (SELECT FROM sensing_clockdoubt c WHERE c.thing_id = t.id AND c.is_wrong)
    ) told JOIN sensing_thing t ON t.id = told.thing_id JOIN sensing_kit k ON k.code = t.kit
    WHERE t.adopted_at IS NOT NULL
"""  # noqa: S608
_SILENT: Final = f"""
    WITH late AS MATERIALIZED (
      SELECT y.datastream_id, greatest(l.arrived_at, a.arrived_at) AS arrived_at,
             y.silent_after_s * interval '1 second' AS may_miss
      FROM sensing_steady y JOIN latest l ON l.datastream = y.datastream_id
      LEFT JOIN late_arrival a ON a.datastream = y.datastream_id
      WHERE greatest(l.arrived_at, a.arrived_at) < %(known_to)s - y.silent_after_s * interval '1 second')
    SELECT DISTINCT ON (t.id) {_FACTS}, d.id, d.metric, l.arrived_at
    FROM late l JOIN sensing_datastream d ON d.id = l.datastream_id JOIN sensing_thing t ON t.id = d.thing_id
    JOIN sensing_kit k ON k.code = t.kit JOIN device_status s ON s.device = t.code
    WHERE t.adopted_at IS NOT NULL AND s.seen_at - l.arrived_at >= l.may_miss / k.missed_heartbeats
      AND NOT EXISTS (SELECT FROM quarantine_count q WHERE q.device = t.code AND q.reason = ANY(%(by_time)s)
                      AND q.last_at > l.arrived_at)
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
    SELECT 'kit:' || kit, count(*) FROM sensing_thing WHERE adopted_at IS NOT NULL GROUP BY 1
    UNION ALL
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
    kit: str
    category: str
    case_after_s: float
    datastream_id: int
    metric: str
    since: datetime

    @property
    def groups(self) -> tuple[str, ...]:
        """Return what it may have failed with: its gateway, its community, street and district, its kit."""
        areas = (f"area:{self.area_code[:width]}" for width in (12, 9, 6) if len(self.area_code) >= width)
        return (*((f"gateway:{self.gateway}",) if self.gateway else ()), *areas, f"kit:{self.kit}")


def heard_by_ingest() -> tuple[datetime, float] | None:
    """Return when ingest last gave a sign of life and how far behind it was, seconds; None if it never did."""
    with connection.cursor() as cursor:
        cursor.execute(_INGEST)
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def faults(known_to: datetime, since: datetime, clocks: ClockLimit) -> list[FaultRow]:
    """Return what is wrong with devices (设备异常), set-based: of each condition the first metric of a device.

    Who speaks is judged by arrival, whatever times the readings bear. An offline device has nothing else
    wrong besides, and a silent metric is not stuck.

    Args:
        known_to: up to when everything that was said is stored.
        since: from when on we have listened without a break: a device gets one heartbeat from then.
    """
    given = {"known_to": known_to - SLACK, "since": since, "shortest_s": SHORTEST_S, "clock_for_s": clocks.for_s,
             "by_time": [Refusal.IN_FUTURE.value, Refusal.TOO_OLD.value]}  # fmt: skip
    offline = _rows(Condition.OFFLINE, _OFFLINE, given)
    gone = {row.thing_id for row in offline}
    clock, silent, stuck = (_rows(condition, statement, given) for condition, statement in (
        (Condition.CLOCK, _CLOCK), (Condition.SILENT, _SILENT), (Condition.STUCK, _STUCK)))  # fmt: skip
    unheard = {row.datastream_id for row in silent}
    rest = clock + silent + [row for row in stuck if row.datastream_id not in unheard]
    return offline + [row for row in rest if row.thing_id not in gone]


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
                     point=Point(row[4], row[5]), area_code=row[6], gateway=row[7], kit=row[8], category=row[9],
                     case_after_s=row[10], datastream_id=row[11], metric=row[12], since=row[13])
            for row in cursor.fetchall() if row[11] is not None
        ]  # fmt: skip
