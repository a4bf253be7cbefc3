"""What each sign of one matter weighs (并案权重): a table, so that a deploying city may weigh otherwise."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """For each sign a line of points (measure, weight), straight between them and level outside.

    Weights are log-odds: they are added, and `merging.score` turns the sum into 0..1.
    """

    points: Mapping[str, Points]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> "Weights":
        """Return the weights in the rows of `presets/likeness.json`."""
        return cls({str(row["code"]): tuple((float(x), float(y)) for x, y in row["points"]) for row in rows})

    def at(self, sign: str, measure: float = 0.0) -> float:
        """Return what `sign` weighs at this measure."""
        points = self.points[sign]
        after = bisect_right(points, measure, key=lambda point: point[0])
        if after in (0, len(points)):
            return points[max(0, after - 1)][1]
        (x, y), (x_next, y_next) = points[after - 1], points[after]
        return y + (y_next - y) * (measure - x) / (x_next - x)

    def most(self, sign: str) -> float:
        """Return the most that `sign` can weigh."""
        return max(weight for _, weight in self.points[sign])
