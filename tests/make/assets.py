"""Builders of components (部件)."""

from dataclasses import replace
from datetime import date

from tests.make.areas import middle_of

from linli.assets import actions as assets
from linli.assets import queries
from linli.assets.domain.component import ComponentCard, NewComponent
from linli.kernel.actor import Actor
from linli.kernel.geo import Point

SYSTEM = Actor.system("test")
NEW = NewComponent(code="9901010103000001", class_code="0103", name="雨水井盖 1", lon=middle_of(0).lon,
                   lat=middle_of(0).lat, installed_on=date(2020, 1, 1))


def new_component(code: str = NEW.code, where: Point | None = None, **changes: object) -> NewComponent:
    """Return a component to be entered; class and place follow from the code and grid A unless said."""
    where = where or middle_of(0)
    return replace(NEW, code=code, class_code=code[6:10], lon=where.lon, lat=where.lat, **changes)


def make_component(code: str = NEW.code, where: Point | None = None, **changes: object) -> ComponentCard:
    """Enter one component with the preset classes and return it."""
    assets.load_preset_classes(actor=SYSTEM)
    assets.load_components([new_component(code, where, **changes)], actor=SYSTEM)
    card = queries.by_code(code)
    assert card is not None
    return card
