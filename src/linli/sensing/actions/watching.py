from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from linli.sensing.models import Listening
from linli.sensing.queries.faults import heard_by_ingest

DEAF_AFTER: Final = timedelta(seconds=10)
BEHIND_S: Final = 5.0
BREAK: Final = timedelta(seconds=60)
_CHANGED: Final = """
    UPDATE sensing_steady y SET value = l.value, since = l.ts, is_stuck = false
    FROM latest l WHERE l.datastream = y.datastream_id AND l.value <> y.value
"""
_FRESH: Final = """
    INSERT INTO sensing_steady (datastream_id, value, since, is_stuck)
    SELECT l.datastream, l.value, l.ts, false
    FROM latest l JOIN sensing_datastream d ON d.id = l.datastream JOIN sensing_thing t ON t.id = d.thing_id
    JOIN sensing_kitmetric m ON m.kit = t.kit AND m.metric = d.metric AND m.may_stay_s IS NOT NULL
    WHERE NOT EXISTS (SELECT FROM sensing_steady y WHERE y.datastream_id = l.datastream)
    ON CONFLICT DO NOTHING
"""
_STUCK: Final = """
    WITH candidate AS (
      SELECT l.datastream, l.ts, l.value, m.may_stay_s * interval '1 second' AS may_stay
      FROM sensing_steady y JOIN latest l ON l.datastream = y.datastream_id AND l.value = y.value
      JOIN sensing_datastream d ON d.id = y.datastream_id JOIN sensing_thing t ON t.id = d.thing_id
      JOIN sensing_kitmetric m ON m.kit = t.kit AND m.metric = d.metric
      WHERE NOT y.is_stuck AND l.ts - y.since + interval '60 seconds' >= m.may_stay_s * interval '1 second'),
    proven AS (
      SELECT c.datastream, c.ts - c.may_stay AS since FROM candidate c
      WHERE NOT EXISTS (SELECT FROM observation o WHERE o.datastream = c.datastream
                        AND o.ts > c.ts - c.may_stay AND o.ts <= c.ts AND o.value <> c.value)
        AND (SELECT o.value FROM observation o WHERE o.datastream = c.datastream AND o.ts <= c.ts - c.may_stay
             ORDER BY o.ts DESC LIMIT 1) = c.value)
    UPDATE sensing_steady y SET is_stuck = true, since = least(y.since, p.since)
    FROM proven p WHERE p.datastream = y.datastream_id
"""
_LOOSE: Final = """
    UPDATE sensing_steady y SET is_stuck = false
    FROM sensing_datastream d JOIN sensing_thing t ON t.id = d.thing_id
    LEFT JOIN sensing_kitmetric m ON m.kit = t.kit AND m.metric = d.metric
    WHERE d.id = y.datastream_id AND y.is_stuck AND m.may_stay_s IS NULL
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
def look_for_stuck() -> None:
    """Note which values stand and since when, and which have stood too long (读数未变), all devices at once.

    A value seen to stand is compared with every reading of that time before it counts as stuck.
    """
    with connection.cursor() as cursor:
        for statement in (_CHANGED, _FRESH, _STUCK, _LOOSE):
            cursor.execute(statement)
