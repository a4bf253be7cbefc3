"""Builders of units (单位)."""

from linli.kernel.actor import Actor
from linli.organisations import actions as organisations
from linli.organisations.domain.kind import UnitKind
from linli.organisations.domain.unit import NewUnit


def make_unit(name: str = "城北排水公司", kind: UnitKind = UnitKind.DRAINAGE, area_code: str = "990101", *,
              is_fallback: bool = False) -> int:
    """Enter one unit and return its id."""
    unit = NewUnit(name=name, kind=kind, area_code=area_code, is_fallback=is_fallback)
    return organisations.load_units([unit], actor=Actor.system("test"))[0]


def put_on_duty(area_code: str, unit: int) -> None:
    """Name the unit on duty for an area."""
    organisations.put_on_duty({area_code: unit}, actor=Actor.system("test"))
