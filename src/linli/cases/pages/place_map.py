"""Maps that show cases where they lie (案件地图): one beside its page, many beside a list."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from linli.cases.domain.limits import Standing
from linli.cases.models import Case

ZOOM: Final = 16.5
TILES: Final = {layer: f"/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt" for layer in ("base", "grids", "components")}
LAYERS: Final = ("cases", "components", "grids")


def of_case(case: Case) -> dict[str, Any]:
    """Return the small map of one case: its mark in the middle, nothing to press."""
    return {"center": [case.lon, case.lat], "zoom": ZOOM, "layers": LAYERS, "interactive": False, "tiles": TILES,
            "pins": _pins([case], lambda _case: "")}


def around(cases: Iterable[Case], places: Sequence[tuple[float, float]], *, mine: str, url: Callable[[Case], str],
           none: str) -> dict[str, Any]:
    """Return the map of several cases; `mine` is the grid drawn as one's own.

    Args:
        places: lon, lat in degrees WGS 84, at least one: all of them are seen at first.
        url: where a pressed mark leads.
        none: what is said where no map can be drawn.
    """
    lons, lats = [lon for lon, _lat in places], [lat for _lon, lat in places]
    west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    return {"center": [(west + east) / 2, (south + north) / 2], "fit": [west, south, east, north], "layers": LAYERS,
            "tiles": TILES, "mine": mine, "pins": _pins(cases, url), "labels": {"none": none}}


def _pins(cases: Iterable[Case], url: Callable[[Case], str]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [{
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [case.lon, case.lat]},
        "properties": {"kind": "matter", "id": case.pk, "level": case.level, "title": case.category.name,
                       "late": int(case.standing is Standing.LATE), "url": url(case)},
    } for case in cases]}
