"""One matter from its reading to its check (链条)."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linli.command.domain.stream import AlertLine, CaseLine
from linli.kernel.level import Level

MISSED_REPORTS: Final = 3


@dataclass(frozen=True, slots=True)
class Readings:
    """What the device measured round the alert (读数): evenly spaced means, None where it said nothing.

    `mark` is the threshold of the level reached, None if the rule has changed since.
    """

    values: tuple[float | None, ...]
    first_at: datetime
    last_at: datetime
    mark: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The links of one matter (链条), as far as they have happened; None = still to come, or never there.

    `alert` is the worst of `alerts`; what a resident or a grid worker reported has none.
    """

    alert: AlertLine | None
    alerts: int
    readings: Readings | None
    case: CaseLine | None
    dispatched_at: datetime | None = None
    handled_at: datetime | None = None
    checked_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def level(self) -> Level:
        """Return how severe the matter is: the open alert's level, else its case's, else the alert's peak."""
        case = self.case.level if self.case else Level.NONE
        return (self.alert.level or case or self.alert.peak_level) if self.alert else case

    @property
    def where(self) -> tuple[float, float]:
        """Return lon and lat."""
        place = self.alert or self.case
        return (place.lon, place.lat) if place else (0.0, 0.0)


def seconds_between(moments: Sequence[datetime | None]) -> list[float | None]:
    """Return the time from each moment to the next (用时), None where one of the two is missing."""
    return [(after - before).total_seconds() if before and after else None
            for before, after in itertools.pairwise(moments)]


def evenly(points: Sequence[tuple[datetime, float]], start: datetime, end: datetime,
           count: int) -> list[float | None]:
    """Return means over `count` equal stretches between `start` and `end` (等距均值), None where nothing is known.

    A value holds until the next one, but no longer than three times the usual time between two:
    what a device did not tell for longer is not known.

    Args:
        points: moment and value, within `start` and `end`, oldest first.
    """
    sums: list[list[float]] = [[] for _ in range(count)]
    whole_s = (end - start).total_seconds()
    for at, value in points:
        place = int((at - start).total_seconds() / whole_s * count) if whole_s > 0 else 0
        sums[min(count - 1, max(0, place))].append(value)
    means = [sum(values) / len(values) if values else None for values in sums]
    return _held(means, most=math.ceil(MISSED_REPORTS * _usual_s(points) / (whole_s / count)) if whole_s > 0 else 0)


def _usual_s(points: Sequence[tuple[datetime, float]]) -> float:
    gaps = sorted((after[0] - before[0]).total_seconds() for before, after in itertools.pairwise(points))
    return gaps[len(gaps) // 2] if gaps else 0.0


def _held(means: Sequence[float | None], *, most: int) -> list[float | None]:
    kept: list[float | None] = []
    last, held = None, 0
    for mean in means:
        last, held = (mean, 0) if mean is not None else (last, held + 1)
        kept.append(last if held < most or mean is not None else None)
    return kept
