"""An adopted device as the hot path knows it (设备)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final, NamedTuple

from linli_ingest.batch import subject_for
from linli_ingest.payload import RESERVED

PLANS_KEPT: Final = 64


class Plan(NamedTuple):
    """How to take an object of known keys apart without looking at them again (解析方案).

    Attributes:
        slots: of the metrics, in the object's order.
        take: cuts the metrics' values out of all values.
        ts_at, n_at, b_at: positions of the reserved keys, -1 = absent.
    """

    slots: tuple[int, ...]
    take: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    ts_at: int
    n_at: int
    b_at: int


@dataclass(slots=True, eq=False)
class Device:
    """One adopted device.

    Attributes:
        family: the kit it belongs to.
        slots: metric to slot in the streams' columns.
        acked: session to the last number of its gapless run that is stored.
        receipts_to: the subject on which it hears of that.
    """

    code: str
    family: str = ""
    slots: dict[str, int] = field(default_factory=dict)
    acked: dict[str, int] = field(default_factory=dict)
    plans: dict[tuple[str, ...], Plan] = field(default_factory=dict)
    receipts_to: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.receipts_to = subject_for(self.code, "a").encode()

    def plan(self, keys: tuple[str, ...]) -> Plan | None:
        """Return how to read an object with these keys, None if one of them is unknown."""
        metrics = [at for at, key in enumerate(keys) if key not in RESERVED]
        if not all(keys[at] in self.slots for at in metrics):
            return None
        ts_at, n_at, b_at = (keys.index(key) if key in keys else -1 for key in RESERVED)
        plan = Plan(tuple(self.slots[keys[at]] for at in metrics), _cutter(metrics), ts_at, n_at, b_at)
        if len(self.plans) < PLANS_KEPT:
            self.plans[keys] = plan
        return plan


def _cutter(positions: list[int]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    first = positions[0] if positions else 0
    if positions == list(range(first, first + len(positions))):
        return itemgetter(slice(first, first + len(positions)))
    return itemgetter(*positions)
