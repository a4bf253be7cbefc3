from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from linli.sensing.actions.clocks import look_at_clocks
from linli.sensing.domain.faults import SHORTEST_S, ClockLimit
from linli.sensing.models import Listening
from linli.sensing.queries.faults import heard_by_ingest

DEAF_AFTER: Final = timedelta(seconds=10)
BEHIND_S: Final = 5.0
BREAK: Final = timedelta(seconds=60)
PLAN_EVERY: Final = timedelta(seconds=30)
COMPARE_EVERY: Final = timedelta(seconds=2)
_PLAN: Final = """
    WITH plan AS MATERIALIZED (
      SELECT d.id, m.may_stay_s,
             CASE WHEN NOT m.occasional THEN greatest(%(shortest_s)s,
               k.missed_heartbeats * coalesce(m.sampling_s, k.heartbeat_s)) END AS silent_after_s
      FROM sensing_thing t JOIN sensing_datastream d ON d.thing_id = t.id JOIN sensing_kit k ON k.code = t.kit
      JOIN sensing_kitmetric m ON m.kit = t.kit AND m.metric = d.metric
      WHERE t.adopted_at IS NOT NULL),
    changed AS (
      UPDATE sensing_steady y SET may_stay_s = p.may_stay_s, silent_after_s = p.silent_after_s,
                                  is_stuck = y.is_stuck AND p.may_stay_s IS NOT DISTINCT FROM y.may_stay_s
      FROM plan p WHERE p.id = y.datastream_id AND (p.may_stay_s, p.silent_after_s)
                                                   IS DISTINCT FROM (y.may_stay_s, y.silent_after_s))
    INSERT INTO sensing_steady (datastream_id, value, since, is_stuck, may_stay_s, silent_after_s)
    SELECT p.id, l.value, l.ts, false, p.may_stay_s, p.silent_after_s
    FROM plan p JOIN latest l ON l.datastream = p.id LEFT JOIN sensing_steady y ON y.datastream_id = p.id
    WHERE y.datastream_id IS NULL
    ON CONFLICT DO NOTHING
"""
_CHANGED: Final = """
    UPDATE sensing_steady y SET value = l.value, since = l.ts, is_stuck = false
    FROM latest l WHERE l.datastream = y.datastream_id AND l.value <> y.value AND y.may_stay_s IS NOT NULL
"""
_STUCK: Final = """
    WITH candidate AS MATERIALIZED (
      SELECT l.datastream, l.ts, l.value, y.may_stay_s * interval '1 second' AS may_stay
      FROM sensing_steady y JOIN latest l ON l.datastream = y.datastream_id AND l.value = y.value
      WHERE NOT y.is_stuck AND l.ts - y.since + interval '60 seconds' >= y.may_stay_s * interval '1 second'),
    proven AS (
      SELECT c.datastream, c.ts - c.may_stay AS since FROM candidate c
      WHERE NOT EXISTS (SELECT FROM observation o WHERE o.datastream = c.datastream
                        AND o.ts > c.ts - c.may_stay AND o.ts <= c.ts AND o.value <> c.value)
        AND (SELECT o.value FROM observation o WHERE o.datastream = c.datastream AND o.ts <= c.ts - c.may_stay
             ORDER BY o.ts DESC LIMIT 1) = c.value)
    UPDATE sensing_steady y SET is_stuck = true, since = least(y.since, p.since)
    FROM proven p WHERE p.datastream = y.datastream_id
"""


@transaction.atomic
def listened_since(now: datetime) -> tuple[datetime, datetime] | None:
    """Return up to when all that was said is stored, and since when we have listened (值守区间).

    None while nobody knows: ingest gives no sign of life or is behind, so silence is ours and not the devices'.
    """
    beat = heard_by_ingest()
    if beat is None or now - beat[0] > DEAF_AFTER or beat[1] > BEHIND_S:
        return None
    known_to = min(now, beat[0]) - timedelta(seconds=beat[1])
    row, is_new = Listening.objects.select_for_update().get_or_create(pk=1, defaults={"since": now, "at": now})
    if not is_new:
        since = row.since if now - row.at <= BREAK else now
        Listening.objects.filter(pk=1).update(since=since, at=now)
        row.since = since
    return known_to, row.since


@transaction.atomic
def look_at_readings(now: datetime, clocks: ClockLimit) -> None:
    """Note which values stand and since when, which have stood too long (读数未变), and whose clock is off.

    A value seen to stand is compared with every reading of that time before it counts as stuck.
    """
    row = Listening.objects.select_for_update().get(pk=1)
    with connection.cursor() as cursor:
        if row.planned_at is None or now - row.planned_at >= PLAN_EVERY:
            cursor.execute("SET LOCAL enable_nestloop = off")  # row security hides from the planner how many there are
            cursor.execute(_PLAN, {"shortest_s": SHORTEST_S})
            cursor.execute("SET LOCAL enable_nestloop = on")
            row.planned_at = now
        if row.compared_at is None or now - row.compared_at >= COMPARE_EVERY:
            cursor.execute(_CHANGED)
            cursor.execute(_STUCK)
            look_at_clocks(clocks)
            row.compared_at = now
    row.save(update_fields=["planned_at", "compared_at"])
