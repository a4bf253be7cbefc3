from datetime import datetime
from typing import Final

from django.db import connection

from linli.sensing.domain.counter import Counted, Drop, counted

_STEPS: Final = """
    WITH reading AS (
      SELECT ts, value, lag(value) OVER (ORDER BY ts) AS before FROM observation
      WHERE datastream = %(stream)s AND ts >= %(start)s AND ts < %(until)s AND value >= 0 AND value < %(wraps_at)s)
    SELECT ts, before, value, NULL FROM reading WHERE value < before
    UNION ALL SELECT NULL, NULL, NULL, coalesce(sum(value - before) FILTER (WHERE value >= before), 0) FROM reading
    ORDER BY 1
"""


def counted_between(stream: int, start: datetime, until: datetime, wraps_at: float) -> Counted:
    """Return what a counter counted in `[start, until)` (累计); what cannot be one of its numbers is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, {"stream": stream, "start": start, "until": until, "wraps_at": wraps_at})
        *drops, (_, _, _, rises) = cursor.fetchall()
    return counted(rises, (Drop(at, before, after) for at, before, after, _ in drops), wraps_at)
