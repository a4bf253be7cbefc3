"""A synthetic city into the rooms, through their actions (载入城市): in sets, in one transaction."""

from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from linli.areas import actions as areas
from linli.areas import queries as known_areas
from linli.areas.domain.shapes import NewArea, NewFeature
from linli.assets import actions as assets
from linli.assets.domain.component import NewComponent
from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.kernel.actor import Actor
from linli.organisations import actions as organisations
from linli.organisations.domain.kind import UnitKind
from linli.organisations.domain.unit import NewUnit
from linli.sensing import actions as sensing
from linli_city import city as cities
from linli_city.simulate import USUAL
from linli_city.values import City, Component, Ring
from linli_run import demo_accounts, demo_opening
from linli_run.trouble import Trouble

CITY = Actor.system("city")
SINCE = date(2024, 1, 1)


def load_demo(people: int, seed: int) -> None:
    """Load city, accounts and the first day's cases, all or nothing; harmless when repeated (载入演示)."""
    built = cities.build(people, seed)
    with audit.acting(CITY):
        units = _load_city(built)
        if units:
            demo_accounts.make(built, units, actor=CITY)
            demo_opening.make(built)


def load_city(built: City) -> bool:
    """Load a city, all or nothing; return whether it was not there yet (载入城市).

    Raises: Trouble if the database holds other areas.
    """
    with audit.acting(CITY):
        return bool(_load_city(built))


def _load_city(built: City) -> dict[str, int]:
    """Load the city and return its units' ids by key; none if it is there already."""
    if _is_there(built):
        return {}
    assets.load_preset_classes(actor=CITY)
    cases.load_catalogue()
    sensing.load_kits(actor=CITY)
    areas.load_areas([NewArea(a.code, a.name, _wkb("polygon", a.outline), SINCE) for a in built.areas], actor=CITY)
    areas.replace_base_map([NewFeature(s.kind, s.name, s.rank, _wkb(s.form, s.places)) for s in built.base_map],
                           actor=CITY)
    units = _load_units(built)
    assets.load_components([_component(c, units) for c in built.components], actor=CITY)
    sensing.adopt_many([sensing.NewThing(code=t.code, name=t.name, kit=t.kit, component=t.component, gateway=t.gateway,
                                         base_lines=dict(t.base_lines)) for t in built.things], actor=CITY)
    sensing.change_profile("manhole", heartbeat_s=USUAL.heartbeat_s, missed_heartbeats=3, fault_case_after_s=3600,
                           actor=CITY)  # this city's covers speak more often than the shipped profile says
    return units


def _is_there(built: City) -> bool:
    """Return whether this very city is loaded.

    Raises: Trouble if another one, or a real one, is: a synthetic city is never laid over other data.
    """
    district = built.areas[0]
    kept = known_areas.shape_of(district.code)
    if kept and kept[1] == _wkb("polygon", district.outline):
        return True
    if kept or known_areas.extent():
        raise Trouble("This database holds other areas already.",
                      "Set LINLI_HOME to a fresh folder, or DATABASE_URL to an empty database.")
    return False


def _load_units(built: City) -> dict[str, int]:
    ids = organisations.load_units(
        [NewUnit(name=u.name, kind=UnitKind(u.kind), area_code=u.area, phone=u.phone, uscc=u.uscc,
                 is_fallback=u.is_fallback) for u in built.units], actor=CITY,
    )
    units = dict(zip((u.key for u in built.units), ids, strict=True))
    organisations.put_on_duty({area: units[key] for area, key in built.duties}, actor=CITY)
    return units


def _component(c: Component, units: dict[str, int]) -> NewComponent:
    return NewComponent(
        code=c.code, class_code=c.class_code, name=c.name, lon=c.at[0], lat=c.at[1],
        installed_on=date.fromisoformat(c.installed_on),
        geometry=None if c.form == "point" else _wkb(c.form, c.places),
        supervising=units.get(c.supervising or ""), owning=units.get(c.owning or ""),
        maintaining=units.get(c.maintaining or ""), units_since=date.fromisoformat(c.installed_on),
    )


def _wkb(form: str, places: Ring) -> bytes:
    shapes: dict[str, type[BaseGeometry]] = {"point": shapely.Point, "line": shapely.LineString,
                                             "polygon": shapely.Polygon}
    return bytes(shapely.to_wkb(shapes[form](places[0] if form == "point" else places)))
