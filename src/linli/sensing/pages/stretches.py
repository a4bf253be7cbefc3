"""When a datastream was over its marks (超限段), and how far."""

from datetime import datetime
from typing import Any, Final

from django.db import connection

from linli.kernel.level import Level
from linli.sensing.domain.episodes import Episode, Passage, episodes

_PASSAGES: Final = """
    SELECT ts, level_from, level_to FROM exceedance
    WHERE datastream = %(stream)s AND ts < %(until)s AND ts >= coalesce(
      (SELECT max(ts) FROM exceedance WHERE datastream = %(stream)s AND ts < %(start)s), %(start)s)
    ORDER BY ts, id
"""
_EXTREMES: Final = """
    SELECT wanted.at, (SELECT CASE WHEN %(above)s THEN max(o.value) ELSE min(o.value) END FROM observation o
                       WHERE o.datastream = %(stream)s AND o.ts >= wanted.at AND o.ts < wanted.until)
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS wanted (at, until)
"""


def stretches(stream: int, start: datetime, until: datetime) -> list[Episode]:
    """Return the stretches over the marks in `[start, until)` (超限段), oldest first, with their true beginnings."""
    with connection.cursor() as cursor:
        cursor.execute(_PASSAGES, {"stream": stream, "start": start, "until": until})
        passages = [Passage(at, Level(before), Level(after)) for at, before, after in cursor.fetchall()]
    return [found for found in episodes(passages, start=start) if found.to_at is None or found.to_at > start]


def extremes(stream: int, found: list[Episode], *, above: bool, now: datetime) -> dict[datetime, float]:
    """Return the farthest value of each stretch by its beginning (最大偏离), in one query."""
    given: dict[str, Any] = {"stream": stream, "above": above, "starts": [episode.from_at for episode in found],
                             "ends": [episode.to_at or now for episode in found]}
    with connection.cursor() as cursor:
        cursor.execute(_EXTREMES, given)
        return {at: value for at, value in cursor.fetchall() if value is not None}
