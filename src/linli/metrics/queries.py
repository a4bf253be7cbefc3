from dataclasses import dataclass
from typing import Final

from linli.kernel import clock
from linli.metrics.models import Heartbeat

SILENT_AFTER_S: Final = 10.0


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
