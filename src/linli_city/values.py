"""What a synthetic city is made of (城市要素): plain values, places as lon, lat in degrees WGS 84."""

from dataclasses import dataclass

Place = tuple[float, float]
Ring = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A district, street, community or unit grid (区域); `outline` is closed."""

    code: str
    name: str
    outline: Ring


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of the base map (底图要素): `form` is point, line or polygon."""

    kind: str
    name: str
    rank: int
    form: str
    places: Ring


@dataclass(frozen=True, slots=True)
class House:
    """A residential building (住宅楼): `residents` counts them dwelling by dwelling, none of them named."""

    estate: str
    number: str
    grid: str
    middle: Place
    stairs: int
    residents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit (单位), known by `key` inside this city; its unified code is well formed and nobody's."""

    key: str
    name: str
    kind: str
    area: str
    phone: str
    uscc: str | None = None
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """A city component (部件); its three units by key, None where nobody knows; `places` of a line or polygon."""

    code: str
    class_code: str
    name: str
    at: Place
    installed_on: str
    supervising: str | None
    owning: str | None
    maintaining: str | None
    form: str = "point"
    places: Ring = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """A sensor (设备) on a component; `base_lines` by metric, `gateway` empty = it speaks for itself."""

    code: str
    name: str
    kit: str
    component: str
    at: Place
    base_lines: tuple[tuple[str, float], ...] = ()
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class City:
    """A whole synthetic community (合成城市), the same for the same people and seed."""

    people: int
    seed: int
    areas: tuple[Area, ...]
    base_map: tuple[Shape, ...]
    houses: tuple[House, ...]
    units: tuple[Unit, ...]
    duties: tuple[tuple[str, str], ...]  # area code → unit key
    components: tuple[Component, ...]
    things: tuple[Thing, ...]
