"""What can be wrong with a device itself (设备状态异常): no danger level, and no safety either."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from linli.kernel.errors import Invalid

SHORTEST_S: Final = 15.0  # what was heard is written down every few seconds: a shorter silence cannot be told
LONGEST_S: Final = 31 * 86400.0
FEWEST_READINGS: Final = 3  # two readings are one gap, which says nothing of a rhythm
MOST_READINGS: Final = 60


class Condition(StrEnum):
    """What is wrong (异常类型), with one device or with so many at once that they have one cause (成片)."""

    OFFLINE = "offline"  # 离线: heartbeats are missing
    CLOCK = "clock"  # 时钟不准: its readings bear times far from their arrival
    SILENT = "silent"  # 缺测: one metric is missing while others come
    STUCK = "stuck"  # 卡死: a value stands although it should vary
    OFFLINE_MANY = "offline_many"
    CLOCK_MANY = "clock_many"
    SILENT_MANY = "silent_many"
    STUCK_MANY = "stuck_many"

    @property
    def of_many(self) -> "Condition":
        """Return the same, of many devices at once."""
        return self if self in MANY else Condition(f"{self}_many")


MANY: Final = frozenset({Condition.OFFLINE_MANY, Condition.CLOCK_MANY, Condition.SILENT_MANY, Condition.STUCK_MANY})


@dataclass(frozen=True, slots=True)
class Share:
    """From which share of a gateway's, an area's or a kit's devices on they fell together (成片异常规则).

    Entered at `share` with at least `fewest` devices, left below `leave_share`.
    """

    share: float
    leave_share: float
    fewest: int

    def holds(self, fallen: int, whole: int, *, stands: bool) -> bool:
        """Return whether so many of so many are one failure; `stands` = it was one until now."""
        if stands:
            return fallen >= 1 and fallen >= self.leave_share * whole
        return fallen >= self.fewest and fallen >= self.share * whole


@dataclass(frozen=True, slots=True)
class ClockLimit:
    """From when on a device's clock is called wrong (时钟判定规则).

    Its readings have borne times more than `off_s` from their arrival for `for_s`; it is right again once
    they are nearer than `leave_off_s`. Readings that come late but in order, or come nearer by more than
    `off_s` within `for_s`, are being caught up with: that is no wrong clock.
    """

    off_s: float
    leave_off_s: float
    for_s: float


def condition_of(definition: Mapping[str, Any]) -> Condition:
    """Return what a rule about devices looks for (设备规则), checked.

    Example: `{"kind": "device", "condition": "offline_many", "share": 0.5, "leave_share": 0.25, "fewest": 5}`.

    Raises: Invalid.
    """
    if definition.get("kind") != "device" or definition.get("condition") not in list(Condition):
        raise _invalid("a rule about devices is an object of kind \"device\" with a known condition")
    condition = Condition(definition["condition"])
    if condition in MANY:
        share_of(definition)
    elif condition is Condition.CLOCK:
        clock_limit_of(definition)
    elif condition is Condition.SILENT:
        enough_of(definition)
    return condition


def share_of(definition: Mapping[str, Any]) -> Share:
    """Return from which share on devices fell together (成片异常规则); raise Invalid if it cannot be."""
    share, leave, fewest = _numbers(definition, "share", "leave_share", "fewest")
    if not (0 < leave <= share <= 1 and fewest.is_integer() and fewest >= 2):
        raise _invalid("leave_share is at most share, share at most 1, fewest a whole number from 2 on")
    return Share(share, leave, int(fewest))


def clock_limit_of(definition: Mapping[str, Any]) -> ClockLimit:
    """Return from when on a clock is wrong (时钟判定规则); raise Invalid if it cannot be.

    Example: `{"kind": "device", "condition": "clock", "off_s": 300, "leave_off_s": 240, "for_s": 600}`.
    """
    off_s, leave_off_s, for_s = _numbers(definition, "off_s", "leave_off_s", "for_s")
    if not (0 < leave_off_s <= off_s <= LONGEST_S and 0 < for_s <= LONGEST_S):
        raise _invalid("leave_off_s is at most off_s, off_s and for_s last up to 31 days")
    return ClockLimit(off_s, leave_off_s, for_s)


def enough_of(definition: Mapping[str, Any]) -> int:
    """Return from how many readings on their own rhythm is trusted (节律所需读数); raise Invalid if it cannot be."""
    enough, = _numbers(definition, "enough")
    if not (enough.is_integer() and FEWEST_READINGS <= enough <= MOST_READINGS):
        raise _invalid(f"enough is a whole number from {FEWEST_READINGS} to {MOST_READINGS}")
    return int(enough)


def _numbers(definition: Mapping[str, Any], *names: str) -> list[float]:
    numbers = [definition.get(name) for name in names]
    found = [float(number) for number in numbers if isinstance(number, (int, float)) and not isinstance(number, bool)]
    if len(found) < len(names) or not all(map(math.isfinite, found)):
        raise _invalid(f"{', '.join(names)} must be numbers")
    return found


def _invalid(problem: str) -> Invalid:
    return Invalid("sensing.bad_rule", "This rule cannot be used: {problem}.", field="definition", problem=problem)
