"""When a datastream was over its marks (超限段), and how far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from linli.kernel.level import Level
from linli.sensing.domain.episodes import Episode, Passage, episodes

_PASSAGES: Final = """
    WITH passage AS (
      SELECT id, ts, level_from, level_to, coalesce(lead(ts) OVER (ORDER BY ts, id), %(until)s) AS next
      FROM exceedance
      WHERE datastream = %(stream)s AND ts < %(until)s AND ts >= coalesce(
        (SELECT max(ts) FROM exceedance WHERE datastream = %(stream)s AND ts < %(start)s), %(start)s))
    SELECT ts, level_from, level_to,
           (SELECT CASE WHEN %(above)s THEN max(o.value) ELSE min(o.value) END FROM observation o
            WHERE level_to > 0 AND o.datastream = %(stream)s AND o.ts >= passage.ts AND o.ts < passage.next)
    FROM passage ORDER BY ts, id
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch over a mark with the farthest value in it, None if that is not known any more."""

    episode: Episode
    farthest: float | None


def stretches(stream: int, start: datetime, until: datetime, *, above: bool) -> list[Stretch]:
    """Return the stretches over the marks in `[start, until)` (超限段), oldest first, with their true beginnings.

    Args:
        above: whether the greatest value is the farthest, else the least.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PASSAGES, {"stream": stream, "start": start, "until": until, "above": above})
        rows = cursor.fetchall()
    farthest = {at: value for at, _from, _to, value in rows}
    found = episodes([Passage(at, Level(before), Level(after)) for at, before, after, _value in rows], start=start)
    return [Stretch(episode, farthest.get(episode.from_at)) for episode in found
            if episode.to_at is None or episode.to_at > start]
