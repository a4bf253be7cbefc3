"""Where something is, for a form (选点): by the map, by a grid of the list, by the code on a component's label."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.areas import queries as areas
from linli.areas.domain.shapes import AreaKind
from linli.assets import queries as assets
from linli.assets.domain.component import PublicComponent
from linli.kernel.errors import Invalid, NotFound
from linli.kernel.geo import Point, metres_between

NEAR_M: Final = 30.0
SURELY_M: Final = 10.0
STREET_ZOOM: Final = 17
COMMUNITY: Final = 12


@dataclass(frozen=True, slots=True)
class Meant:
    """A component that may be meant (疑似部件): what everybody may know of it."""

    id: int
    code: str
    class_code: str
    class_name: str
    name: str
    point: Point
    distance_m: float

    @property
    def title(self) -> str:
        """Return its name with its class, said once."""
        return titled(self.class_name, self.name)

    @property
    def surely(self) -> bool:
        """Return whether it is so near that it may be chosen beforehand."""
        return self.distance_m <= SURELY_M


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in words, and the component that may be meant (地点)."""

    where: Point
    label: str
    component: Meant | None


def spot(where: Point, classes: Collection[str] = (), named: str = "") -> Spot:
    """Return what is at `where`; if they are near, the component `named` before, else the nearest of `classes`.

    Raises: Invalid if it lies outside the district.
    """
    place = areas.place_of(where)
    if not place.area_code:
        raise Invalid("cases.outside", "This place is outside the district. Please move the mark, or call the city's"
                      " hotline.", field="where")
    near = assets.public_near(where, within_m=NEAR_M) if classes or named else []
    fitting = [found for found in near if found.code == named] or [c for c in near if c.class_code in classes]
    return Spot(where, place.label, _meant(fitting[0], where) if fitting else None)


def component(code: str) -> Meant | None:
    """Return the component with this code as everybody may know it, None if there is none (部件)."""
    found = assets.public(code) if _is_number(code) else None
    return _meant(found, Point(found.lon, found.lat)) if found else None


def of_code(code: str) -> Meant:
    """Return the component whose code somebody typed from its label.

    Raises: NotFound if there is none.
    """
    found = component("".join(code.split()))
    if found is None:
        raise NotFound("cases.no_component", "There is no component with this code. Please check it.", field="code")
    return found


def of_grid(code: str) -> Point:
    """Return a place in the grid that was chosen from the list.

    Raises: NotFound if there is no such grid.
    """
    box = areas.extent(code, AreaKind.GRID) if _is_number(code) and len(code) > COMMUNITY else None
    if box is None:
        raise NotFound("cases.no_grid", "There is no such place in the list. Please choose another.", field="grid")
    return Point((box.min_lon + box.max_lon) / 2, (box.min_lat + box.max_lat) / 2)


def lists(community: str) -> dict[str, Any]:
    """Return the communities, and the grids of the one that was chosen (社区与网格列表)."""
    known = areas.within("", AreaKind.COMMUNITY)
    chosen = next((code for code, _name in known if code == community), "")
    return {"communities": known, "community": chosen, "grids": areas.within(chosen, AreaKind.GRID) if chosen else []}


def picker(where: Point | None, nearby_url: str) -> Mapping[str, Any]:
    """Return what the place picker is given (选点地图)."""
    box = areas.extent("", AreaKind.DISTRICT)
    middle = [(box.min_lon + box.max_lon) / 2, (box.min_lat + box.max_lat) / 2] if box else [0.0, 0.0]
    return {
        "center": [where.lon, where.lat] if where else middle,
        "zoom": STREET_ZOOM if where else STREET_ZOOM - 1,
        "chosen": where is not None,
        "fields": {"lon": "id_lon", "lat": "id_lat"},
        "nearby_url": nearby_url,
        "tiles": {"base": "/tiles/base/{z}/{x}/{y}.mvt"},
        "labels": {"here": _("Where I am"), "searching": _("Looking for where you are…"),
                   "refused": _("The phone does not tell where it is. Please move the map.")},
    }


def titled(class_name: str, name: str) -> str:
    """Return a component's name with its class; many a name begins with it already."""
    return name if name.startswith(class_name) else f"{class_name} {name}".strip()


def _is_number(code: str) -> bool:
    return code.isascii() and code.isdigit()


def _meant(found: PublicComponent, seen_from: Point) -> Meant:
    names, point = assets.class_names(), Point(found.lon, found.lat)
    return Meant(found.id, found.code, found.class_code, names.get(found.class_code, ""), found.name, point,
                 metres_between(seen_from, point))
