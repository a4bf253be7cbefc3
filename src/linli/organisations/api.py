from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from linli.kernel.errors import NotFound
from linli.organisations import queries

router = Router(tags=["organisations"])


class UnitOut(Schema):
    """A unit by id (单位)."""

    id: int
    name: str
    kind: str
    area_code: str
    phone: str


@router.get("", response=list[UnitOut])
def list_units(request: HttpRequest, within: str = Query("", pattern="^[0-9]{0,15}$")) -> Any:
    """List the active units of an area and of all below it (辖区单位)."""
    return queries.units_in(within)


@router.get("/{unit_id}", response=UnitOut)
def get_unit(request: HttpRequest, unit_id: int) -> Any:
    """Return one unit (单位)."""
    found = queries.card(unit_id)
    if found is None:
        raise NotFound("organisations.no_such_unit", "There is no unit {unit}.", unit=unit_id)
    return found
