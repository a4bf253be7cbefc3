"""How long a datastream stood on which level (超限段)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.level import Level


@dataclass(frozen=True, slots=True)
class Passage:
    """One change from one level to another, by its reading's own moment (级别变化)."""

    at: datetime
    level_from: Level
    level_to: Level


@dataclass(frozen=True, slots=True)
class Episode:
    """One stretch of time on one level (超限段).

    Attributes:
        to_at: None = it is still so.
        then: the level that followed; NONE = it ended, None = it has not ended.
    """

    level: Level
    from_at: datetime
    to_at: datetime | None
    then: Level | None


def episodes(passages: Iterable[Passage], *, start: datetime) -> list[Episode]:
    """Return the stretches above no level, oldest first (分段).

    Args:
        passages: oldest first.
        start: from when they are known; a stretch that began earlier is told from here.
    """
    found: list[Episode] = []
    level, since = None, start
    for passage in passages:
        before = passage.level_from if level is None else level
        if before is not Level.NONE:
            found.append(Episode(before, since, passage.at, passage.level_to))
        level, since = passage.level_to, passage.at
    if level:
        found.append(Episode(level, since, None, None))
    return found
