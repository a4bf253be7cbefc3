from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime

from linli.assets import queries
from linli.calendar import queries as calendar
from linli.changes import queries as changes
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.geo import Point
from linli.organisations import queries as organisations

router = Router(tags=["assets"])


class PublicComponentOut(Schema):
    """What everybody may know of a component (部件公开信息)."""

    id: int
    code: str
    class_code: str
    name: str
    lon: float
    lat: float
    state: str


class ComponentOut(PublicComponentOut):
    """A component with its grid and its three accountable units by id (部件)."""

    class_name: str
    area_code: str
    supervising: int | None
    owning: int | None
    maintaining: int | None


class ClassOut(Schema):
    """A class of components (部件小类)."""

    code: str
    name: str


class UnitOnOut(Schema):
    """Which unit answers in one way on a day (当日责任单位); `said` is false where nothing is known of that day."""

    duty: str
    unit: int | None
    unit_name: str
    said: bool
    since: date | None
    until: date | None
    fallback: int | None


class SetOut(Schema):
    """One change set of a component (变更集)."""

    id: int
    at: AwareDatetime
    actor: str
    reason: str
    source: str
    undoes: int | None
    undone_by: int | None


@router.get("/near", response=list[PublicComponentOut], auth=None)
def components_near(request: HttpRequest, lon: float, lat: float,
                    within_m: float = Query(30.0, gt=0, le=500)) -> Any:
    """List the public components round a place, nearest first, at most 20 (身边部件)."""
    return queries.public_near(Point(lon, lat), within_m=within_m)


@router.get("/classes", response=list[ClassOut], auth=None)
def list_classes(request: HttpRequest) -> Any:
    """List the component classes, in the reader's language (部件小类)."""
    return [ClassOut(code=code, name=name) for code, name in queries.class_names().items()]


@router.get("/{code}/public", response=PublicComponentOut, auth=None)
def get_public_component(request: HttpRequest, code: str) -> Any:
    """Return what everybody may know of a component (部件公开信息)."""
    return _or_404(queries.public(code))


@router.get("/{code}", response=ComponentOut)
def get_component(request: HttpRequest, code: str, at: AwareDatetime | None = None) -> Any:
    """Return a component of the reader's areas or units (部件), now or as it was known at an instant."""
    card = _or_404(queries.by_code(code, at=at))
    return ComponentOut(id=card.id, code=card.code, class_code=card.class_code, class_name=card.class_name,
                        name=card.name, lon=card.point.lon, lat=card.point.lat, state=card.state,
                        area_code=card.area_code, supervising=card.supervising, owning=card.owning,
                        maintaining=card.maintaining)


@router.get("/{code}/units", response=list[UnitOnOut])
def get_units(request: HttpRequest, code: str, on: date | None = None, known_at: AwareDatetime | None = None) -> Any:
    """Return who answers for a component on a day, today if not said, as known now or at an instant (某日责任单位)."""
    on = on or calendar.calendar_for().day_of(clock.now())
    answers = queries.units_on(_or_404(queries.by_code(code)).id, on, known_at=known_at)
    names = organisations.names({answer.unit for answer in answers if answer.unit is not None})
    return [UnitOnOut(duty=a.duty.value, unit=a.unit, unit_name=names.get(a.unit or 0, ""), said=a.said, since=a.since,
                      until=a.until, fallback=a.fallback) for a in answers]


@router.get("/{code}/history", response=list[SetOut])
def get_history(request: HttpRequest, code: str) -> Any:
    """List the change sets of a component, newest first (部件变更历史)."""
    return changes.sets_of_row("assets_component", _or_404(queries.by_code(code)).id)


def _or_404(found: Any) -> Any:
    if found is None:
        raise NotFound("assets.no_such_component", "There is no such component.")
    return found
