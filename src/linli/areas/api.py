import json
from typing import Any

import shapely
from django.http import HttpRequest
from ninja import Query, Router, Schema

from linli.areas import queries
from linli.areas.domain.shapes import AreaKind
from linli.kernel.errors import NotFound
from linli.kernel.geo import Point

router = Router(tags=["areas"], auth=None)


class AreaOut(Schema):
    """An area by code (区域)."""

    code: str
    name: str


class AreaShapeOut(AreaOut):
    """An area with its outline as GeoJSON, degrees WGS 84 (区域边界)."""

    kind: AreaKind
    geometry: dict[str, Any]


class PlaceOut(Schema):
    """Where something is (所在区域); `grid` is null outside every grid, all else empty outside the district."""

    grid: str | None
    area_code: str
    label: str


@router.get("", response=list[AreaOut])
def list_areas(request: HttpRequest, kind: AreaKind, within: str = Query("", pattern="^[0-9]{0,15}$")) -> Any:
    """List the areas of one kind within another (区域列表)."""
    return [AreaOut(code=code, name=name) for code, name in queries.within(within, kind)]


@router.get("/at", response=PlaceOut)
def area_at(request: HttpRequest, lon: float, lat: float) -> Any:
    """Say in which grid and area a place lies (落格)."""
    return queries.place_of(Point(lon, lat))


@router.get("/{code}", response=AreaShapeOut)
def get_area(request: HttpRequest, code: str) -> Any:
    """Return an area with its outline (区域)."""
    found = queries.shape_of(code)
    if found is None:
        raise NotFound("areas.no_such_area", "There is no area {code}.", code=code)
    name, outline = found
    return AreaShapeOut(code=code, name=name, kind=AreaKind.of(code),
                        geometry=json.loads(shapely.to_geojson(shapely.from_wkb(outline))))
