from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Sum

from linli.kernel import clock
from linli.metrics.models import Flow, Heartbeat, Passage

SILENT_AFTER_S: Final = 10.0
OUTCOMES: Final = ("stored", "repeated", "quarantined", "statuses", "empty")


@dataclass(frozen=True, slots=True)
class Part:
    """The state of one part (部件状态): ready if it was heard of lately and is not too far behind."""

    part: str
    ready: bool
    lag_s: float
    limit_s: float
    silent_s: float
    note: str


def parts() -> list[Part]:
    """Return every part that ever gave a sign of life, by name."""
    now = clock.now()
    found = []
    for beat in Heartbeat.objects.order_by("part"):
        silent_s = (now - beat.at).total_seconds()
        ready = silent_s <= SILENT_AFTER_S and beat.lag_s <= beat.limit_s
        found.append(Part(beat.part, ready, beat.lag_s, beat.limit_s, silent_s, beat.note))
    return found


@dataclass(frozen=True, slots=True)
class Balance:
    """Messages in and out (收支平衡).

    Attributes:
        passed: how many messages the stream's own numbers say went by.
        families: what became of those that were read, by family of devices ("" = not adopted) and outcome.
    """

    passed: int
    families: Mapping[str, Mapping[str, int]]

    @property
    def unaccounted(self) -> int:
        """Return how many messages left the stream without any outcome: dropped there before they were read."""
        return self.passed - sum(sum(counts.values()) for counts in self.families.values())


def balance() -> Balance:
    """Return what went in and what came out, counted in the transactions that stored it."""
    families = {row["family"]: {name: row[name] for name in OUTCOMES} for row in Flow.objects.values()}
    return Balance(Passage.objects.aggregate(total=Sum("passed"))["total"] or 0, families)
