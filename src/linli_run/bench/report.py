"""What a bench says (测量结果): one object, or the same as a short table."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Spread:
    """Least, middle and greatest of some runs (离散)."""

    min: float
    median: float
    max: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Self | None:
        """Return the spread, None without a figure."""
        if not figures:
            return None
        return cls(rounded(min(figures)), rounded(statistics.median(figures)), rounded(max(figures)))

    def as_dict(self) -> dict[str, float]:
        """Return it as JSON has it."""
        return {"min": self.min, "median": self.median, "max": self.max}


@dataclass(frozen=True, slots=True)
class Goal:
    """The budget a median is held against (目标): a least or a greatest figure."""

    figure: float
    is_least: bool

    def is_held(self, spread: Spread | None) -> bool:
        """Whether the median keeps to it; without a figure it does not."""
        if spread is None:
            return False
        return spread.median >= self.figure if self.is_least else spread.median <= self.figure

    def as_dict(self) -> dict[str, float]:
        """Return it as JSON has it."""
        return {"at_least" if self.is_least else "at_most": self.figure}


@dataclass(frozen=True, kw_only=True)
class Report:
    """One bench (一项测量).

    Args:
        ours: of the runs that did not fail; None if all did.
        held: whether every goal of this bench is held, and no run failed.
        durable: what is flushed when it counts, and what is not.
        data: what was sent or built.
        where: where the time goes; keys differ from bench to bench.
        failures: why a run does not count.
    """

    bench: str
    unit: str
    ours: Spread | None
    goal: Goal
    held: bool
    durable: str
    seed: int
    data: str
    machine: Mapping[str, Any]
    where: Mapping[str, Any]
    runs: int
    failures: Sequence[str] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return the object that `--json` prints; a peer measured beside us stands in `peer` and `ratio`."""
        return {
            "bench": self.bench, "unit": self.unit, "ours": self.ours and self.ours.as_dict(), "peer": None,
            "ratio": None, "goal": self.goal.as_dict(), "held": self.held, "durable": self.durable, "seed": self.seed,
            "data": self.data, "machine": dict(self.machine), "where": dict(self.where), "runs": self.runs,
            "failures": list(self.failures),
        }  # fmt: skip

    def as_text(self) -> str:
        """Return a table for people (表格)."""
        rows = list(_flat("", self.as_dict()))
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def rounded(value: float) -> float:
    """Return five significant digits; more of them are noise (有效数字)."""
    short = float(f"{value:.5g}")
    return int(short) if short.is_integer() else short


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed (分位数).

    Args:
        values: at least one.
        share: from 0 to 1.
    Source: the nearest-rank method; it never invents a value between two.
    """
    ordered = sorted(values)
    rank = -int(-share * len(ordered) // 1)
    return ordered[max(rank, 1) - 1]


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value and not {"min", "median", "max"} <= set(value):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else key, inner)
    elif isinstance(value, Mapping):
        yield name, "  ".join(f"{key} {inner}" for key, inner in value.items()) or "–"
    elif isinstance(value, list):
        yield name, "; ".join(map(str, value)) or "none"
    else:
        yield name, "–" if value is None else value
