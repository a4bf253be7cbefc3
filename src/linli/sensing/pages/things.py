from collections.abc import Sequence
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.areas import queries as areas
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.role import Role
from linli.sensing import policy
from linli.sensing.domain.sight import SEES_AREA
from linli.sensing.models import Thing
from linli.sensing.pages import sight
from linli.sensing.pages.listed import PAGE, SHOWN, chosen, counts, features, line, matching
from linli.sensing.pages.measured import measured

LONGEST: Final = 100
TILES: Final = {layer: f"/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt" for layer in ("base", "grids", "components")}


@sight.only_for(SEES_AREA)
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """List the devices in sight (设备列表): what each measures now, how old that is, and who has gone silent."""
    now = clock.now()
    show, text = _asked(request)
    found = matching(policy.visible_things(request.actor), text)
    totals = counts(found, now=now)
    pages = Paginator(chosen(show, found, now=now), PAGE)
    pages.count = totals[show]
    page = pages.get_page(request.GET.get("page"))
    rows = list(page.object_list)
    said = measured([row.pk for row in rows])
    names = areas.names([row.area_code for row in rows])
    return render(request, "sensing/things.html", {
        "now": now, "show": show, "text": text, "totals": totals, "page": page, "map": _map(rows, show, text),
        "lines": [line(row, names.get(row.area_code, ""), said.get(row.pk, []), now) for row in rows],
        "operates": policy.sees_quarantine(request.actor),
        "sets_base_lines": any(post.role == Role.OPERATOR for post in request.actor.posts),
        "keep": urlencode({"show": show, "q": text}),
    })


@sight.only_for(SEES_AREA)
@require_GET
def pins(request: HttpRequest) -> HttpResponse:
    """Return the devices of a list as GeoJSON (设备点位)."""
    show, text = _asked(request)
    found = chosen(show, matching(policy.visible_things(request.actor), text), now=clock.now())
    return HttpResponse(features(found), content_type="application/geo+json")


def _asked(request: HttpRequest) -> tuple[str, str]:
    show, text = request.GET.get("show", "all"), request.GET.get("q", "")[:LONGEST].replace("\x00", "").strip()
    if show not in SHOWN:
        raise NotFound("sensing.no_such_list", "There is no such list.")
    return show, text


def _map(rows: Sequence[Thing], show: str, text: str) -> dict[str, Any] | None:
    if not rows:
        return None
    lons, lats = [row.lon for row in rows], [row.lat for row in rows]
    return {
        "center": [(min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2], "zoom": 14, "tiles": TILES,
        "pins_url": f"/desk/things.geojson?{urlencode({'show': show, 'q': text})}", "live_url": "/live",
        "buttons": [["components", _("Components")], ["grids", _("Grids")]],
        "labels": {"zoom_in": _("Nearer"), "zoom_out": _("Farther"), "home": _("Whole area"), "layers": _("Layers"),
                   "none": _("This browser cannot draw the map. Everything on it is in the list beside it.")},
    }
