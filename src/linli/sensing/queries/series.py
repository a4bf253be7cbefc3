from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

_EACH: Final = """
    SELECT ts, value, value, value, 1 FROM observation WHERE datastream = %s AND ts >= %s AND ts < %s ORDER BY ts
"""
_BUCKETS: Final = """
    SELECT date_bin(%s, ts, %s), min(value), max(value), avg(value), count(*) FROM observation
    WHERE datastream = %s AND ts >= %s AND ts < %s GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One reading, or the extremes and the mean of a stretch beginning at `at`."""

    at: datetime
    low: float
    high: float
    mean: float
    count: int


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one datastream, oldest first (读数序列); `bucket` is None when each point is one reading."""

    bucket: timedelta | None
    points: list[SeriesPoint]


def series(datastream_id: int, start: datetime, end: datetime, max_points: int) -> Series:
    """Return what was measured from `start` to before `end`, as at most `max_points` points (取序列)."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_EACH} LIMIT %s", [datastream_id, start, end, max_points + 1])
        rows = cursor.fetchall()
        if len(rows) <= max_points:
            return Series(None, [SeriesPoint(*row) for row in rows])
        bucket = (end - start) / max_points
        cursor.execute(_BUCKETS, [bucket, start, datastream_id, start, end])
        return Series(bucket, [SeriesPoint(*row) for row in cursor.fetchall()])
