"""What can be wrong with a device itself (设备状态异常): no danger level, and no safety either."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from linli.kernel.errors import Invalid

SHORTEST_S: Final = 15.0  # what was heard is written down every few seconds: a shorter silence cannot be told


class Condition(StrEnum):
    """What is wrong (异常类型)."""

    OFFLINE = "offline"  # 离线: heartbeats are missing
    SILENT = "silent"  # 缺测: one metric is missing while others come
    STUCK = "stuck"  # 卡死: a value stands although it should vary
    OFFLINE_MANY = "offline_many"  # 成片离线: so many at once that the network is the cause


@dataclass(frozen=True, slots=True)
class Share:
    """From which share of a gateway's or an area's devices on they fell together (成片离线规则).

    Entered at `share` with at least `fewest` devices, left below `leave_share`.
    """

    share: float
    leave_share: float
    fewest: int

    def holds(self, offline: int, whole: int, *, stands: bool) -> bool:
        """Return whether so many of so many are one failure; `stands` = it was one until now."""
        if stands:
            return offline >= 1 and offline >= self.leave_share * whole
        return offline >= self.fewest and offline >= self.share * whole


def condition_of(definition: Mapping[str, Any]) -> Condition:
    """Return what a rule about devices looks for (设备规则), checked.

    Example: `{"kind": "device", "condition": "offline_many", "share": 0.5, "leave_share": 0.25, "fewest": 5}`.

    Raises: Invalid.
    """
    if definition.get("kind") != "device" or definition.get("condition") not in list(Condition):
        raise _invalid("a rule about devices is an object of kind \"device\" with a known condition")
    condition = Condition(definition["condition"])
    if condition is Condition.OFFLINE_MANY:
        share_of(definition)
    return condition


def share_of(definition: Mapping[str, Any]) -> Share:
    """Return from which share on devices fell together (成片离线规则); raise Invalid if it cannot be."""
    numbers = [definition.get(name) for name in ("share", "leave_share", "fewest")]
    if not all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in numbers):
        raise _invalid("share, leave_share and fewest must be numbers")
    share, leave, fewest = (float(number) for number in numbers if number is not None)
    if not (0 < leave <= share <= 1 and fewest.is_integer() and fewest >= 2):
        raise _invalid("leave_share is at most share, share at most 1, fewest a whole number from 2 on")
    return Share(share, leave, int(fewest))


def _invalid(problem: str) -> Invalid:
    return Invalid("sensing.bad_rule", "This rule cannot be used: {problem}.", field="definition", problem=problem)
