"""What programs may read of the board (看板接口)."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from linli.command import policy, queries
from linli.command.domain import past
from linli.kernel import clock

router = Router(tags=["board"])


class Place(Schema):
    """A place, lon and lat, WGS 84 (地点)."""

    type: Literal["Point"]
    coordinates: tuple[float, float]


class Mark(Schema):
    """What a mark says (标记)."""

    kind: Literal["alert", "case"]
    id: int
    level: str
    late: int
    title: str
    url: str


class Feature(Schema):
    """One mark of the map (地图要素)."""

    type: Literal["Feature"]
    geometry: Place
    properties: Mark


class Pins(Schema):
    """Open alerts, and open cases that have none, as GeoJSON (地图标记)."""

    type: Literal["FeatureCollection"]
    features: list[Feature]


@router.get("/pins", response=Pins, url_name="board-pins")
def board_pins(request: HttpRequest, at: str = "") -> HttpResponse:
    """Return the marks of the map that this actor may see.

    `at` = seconds since 1970 of a moment of the last 24 hours: the marks as they were then; anything else is now.
    """
    policy.require_watching(request.actor)
    now = clock.now()
    then = past.looked_back_to(at, now)
    marks = queries.pins(request.actor, now=then or now, looks_back=then is not None)
    return HttpResponse(marks, content_type="application/json",
                        headers={"Cache-Control": "no-store"})
