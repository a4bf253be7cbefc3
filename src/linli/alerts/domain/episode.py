"""How exceedances become one episode (预警过程): raised, up and down, cleared."""

from dataclasses import dataclass, replace
from datetime import datetime

from linli.kernel.level import Level


@dataclass(frozen=True, slots=True)
class Crossing:
    """A datastream's change of level, at its reading's own moment (超限变化)."""

    level_to: Level
    value: float
    ts: datetime


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of one cause (预警); `peak_value` is the value that met the highest level."""

    level: Level
    peak_level: Level
    value: float
    peak_value: float
    raised_at: datetime
    changed_at: datetime
    cleared_at: datetime | None = None


def follow(standing: Episode | None, crossing: Crossing) -> Episode | None:
    """Return the episode as it is after `crossing`: begun, changed or cleared; None if there is none.

    What says the level that stands already changes nothing but the value, so a fact told twice does no harm.
    """
    level = crossing.level_to
    if standing is None:
        if not level:
            return None
        return Episode(level, level, crossing.value, crossing.value, crossing.ts, crossing.ts)
    if not level:
        return replace(standing, level=Level.NONE, value=crossing.value, changed_at=crossing.ts, cleared_at=crossing.ts)
    if level > standing.peak_level:
        standing = replace(standing, peak_level=level, peak_value=crossing.value)
    return replace(standing, level=level, value=crossing.value, changed_at=crossing.ts)


def asks_for_case(standing: Episode | None, crossing: Crossing, case_from: Level) -> bool:
    """Return whether this crossing raises or escalates to a level from which a case is asked for (转案件)."""
    before = standing.level if standing else Level.NONE
    return crossing.level_to > before and crossing.level_to >= case_from > Level.NONE
