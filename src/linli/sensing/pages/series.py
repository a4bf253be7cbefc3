"""One series for a chart (读数曲线): raw where few, mean with minimum and maximum where many, made by the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from linli.kernel.level import Level
from linli.sensing.domain.episodes import Episode, Passage, episodes

MOST: Final = 2000
BUCKETS: Final = 480
_SERIES: Final = """
    WITH raw AS MATERIALIZED (
      SELECT ts, value FROM observation WHERE datastream = %(stream)s AND ts >= %(start)s AND ts < %(until)s),
    many AS (SELECT count(*) > %(most)s AS so FROM raw)
    SELECT CASE WHEN so THEN date_bin(%(bucket)s, ts, %(start)s) ELSE ts END AS at,
           avg(value), min(value), max(value), count(*), bool_or(so)
    FROM raw, many GROUP BY 1 ORDER BY 1
"""
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


@dataclass(frozen=True, slots=True)
class Series:
    """The readings of one datastream in a stretch of time (读数序列).

    Attributes:
        points: (moment, mean); every reading itself when there are few.
        band: (moment, least, greatest); empty when every reading is in `points`.
        bucket_s: seconds that one point stands for, None if it stands for itself.
        count: readings in all.
    """

    points: list[tuple[datetime, float]]
    band: list[tuple[datetime, float, float]]
    bucket_s: float | None
    count: int
    least: float | None
    greatest: float | None


def series(stream: int, start: datetime, until: datetime) -> Series:
    """Return what a datastream measured in `[start, until)` (取序列), in one query."""
    bucket = max((until - start) / BUCKETS, timedelta(seconds=1))
    with connection.cursor() as cursor:
        cursor.execute(_SERIES, {"stream": stream, "start": start, "until": until, "most": MOST, "bucket": bucket})
        rows = cursor.fetchall()
    many = bool(rows) and rows[0][5]
    middle = bucket / 2 if many else timedelta(0)
    return Series(
        points=[(row[0] + middle, row[1]) for row in rows],
        band=[(row[0] + middle, row[2], row[3]) for row in rows] if many else [],
        bucket_s=bucket.total_seconds() if many else None,
        count=sum(row[4] for row in rows),
        least=min((row[2] for row in rows), default=None),
        greatest=max((row[3] for row in rows), default=None),
    )


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
