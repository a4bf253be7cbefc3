"""Which unit a case goes to (派单依据): the component's maintaining unit first, and the case says which rule fired."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NEARBY_M: Final = 30.0
DISPUTED_FROM: Final = 2  # returns to the dispatcher, from which on somebody has to rule who is answerable


class RouteRule(StrEnum):
    """Which rule found the unit (派单依据)."""

    COMPONENT = "component"  # 部件的养护单位
    NEARBY_COMPONENT = "nearby_component"  # 最近同类部件的养护单位
    GRID_DUTY = "grid_duty"  # 网格责任单位
    FALLBACK = "fallback"  # 兜底单位
    SUCCESSOR = "successor"  # 接替单位


@dataclass(frozen=True, slots=True)
class Maintained:
    """A component and the unit that maintains it, None where nobody is registered."""

    component_id: int
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes: unit None = no unit could be named, somebody must choose."""

    unit_id: int | None
    rule: RouteRule
    component_id: int | None


def route(*, named: Maintained | None, nearby: Maintained | None, duty_unit: int | None,
          fallback_unit: int | None) -> Route:
    """Return unit, rule and component of a new case (派单).

    A component without a maintaining unit keeps its place in the case but names nobody: the
    grid's duty unit follows, then the district's fall-back. A component found nearby is the
    case's component only when it was the one that named the unit: otherwise it is a guess.
    """
    component_id = named.component_id if named else None
    if named and named.unit_id is not None:
        return Route(named.unit_id, RouteRule.COMPONENT, component_id)
    if named is None and nearby and nearby.unit_id is not None:
        return Route(nearby.unit_id, RouteRule.NEARBY_COMPONENT, nearby.component_id)
    if duty_unit is not None:
        return Route(duty_unit, RouteRule.GRID_DUTY, component_id)
    return Route(fallback_unit, RouteRule.FALLBACK, component_id)
