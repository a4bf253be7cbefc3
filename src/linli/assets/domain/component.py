"""A component as a plain value (部件)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from linli.assets.domain.state import ComponentState
from linli.kernel.geo import Point


class Duty(StrEnum):
    """The three ways of being accountable for a component (三类责任单位)."""

    SUPERVISING = "supervising"  # 主管
    OWNING = "owning"  # 权属
    MAINTAINING = "maintaining"  # 养护


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComponent:
    """A component to be entered (拟登记部件).

    `geometry` is WKB for a line or polygon, None for a point; lon, lat then is a place on it.
    A unit that is not known is None; `units_since` is the day from which they answer, None if
    only today is known.
    """

    code: str
    class_code: str
    name: str
    lon: float
    lat: float
    installed_on: date
    geometry: bytes | None = None
    state: ComponentState = ComponentState.INTACT
    supervising: int | None = None
    owning: int | None = None
    maintaining: int | None = None
    units_since: date | None = None


@dataclass(frozen=True, slots=True)
class UnitOn:
    """Which unit answers for a component in one way on a day (当日责任单位).

    `said` is False where nothing is known of that day; a unit of None that is said means that somebody
    looked and nobody is known (无主). `fallback` is the area's fall-back unit where there is no unit.
    """

    duty: Duty
    unit: int | None
    said: bool
    since: date | None
    until: date | None
    fallback: int | None


@dataclass(frozen=True, slots=True)
class ComponentCard:
    """A component with its three accountable units by id (部件名片); `distance_m` from where one asked, else 0."""

    id: int
    code: str
    class_code: str
    class_name: str
    name: str
    point: Point
    area_code: str
    state: str
    supervising: int | None
    owning: int | None
    maintaining: int | None
    distance_m: float = 0.0


@dataclass(frozen=True, slots=True)
class PublicComponent:
    """What everybody may know of a component (部件公开信息): no units, no dates, and no gated class at all."""

    id: int
    code: str
    class_code: str
    name: str
    lon: float
    lat: float
    state: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did (入库结果)."""

    added: int
    changed: int
    same: int
