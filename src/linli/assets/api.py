from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from linli.assets import queries
from linli.kernel.errors import NotFound
from linli.kernel.geo import Point

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
def get_component(request: HttpRequest, code: str) -> Any:
    """Return a component of the reader's areas or units (部件)."""
    card = _or_404(queries.by_code(code))
    return ComponentOut(id=card.id, code=card.code, class_code=card.class_code, class_name=card.class_name,
                        name=card.name, lon=card.point.lon, lat=card.point.lat, state=card.state,
                        area_code=card.area_code, supervising=card.supervising, owning=card.owning,
                        maintaining=card.maintaining)


def _or_404(found: Any) -> Any:
    if found is None:
        raise NotFound("assets.no_such_component", "There is no such component.")
    return found
