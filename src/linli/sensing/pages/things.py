from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.areas import queries as areas
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.sensing.pages import sight
from linli.sensing.pages.listed import PAGE, SHOWN, counts, matching, standing
from linli.sensing.pages.measured import measured

LONGEST: Final = 100
MOST_PINS: Final = 5000


@sight.at_a_desk(*sight.SEES_THINGS)
@require_GET
def things(request: HttpRequest) -> HttpResponse:
    """List the devices in sight (设备列表): what each measures now, how old that is, and who has gone silent."""
    now = clock.now()
    show, text = request.GET.get("show", "all"), request.GET.get("q", "")[:LONGEST].replace("\x00", "")
    if show not in SHOWN:
        raise NotFound("sensing.no_such_list", "There is no such list.")
    found = matching(sight.visible_things(request.actor), text)
    totals = counts(found, now=now)
    page = Paginator(standing(found, now=now).filter(SHOWN[show]).order_by("-over", "heard", "code"), PAGE)
    page.count = totals[show]
    shown = page.get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    said = measured([row.pk for row in rows])
    names = areas.names([row.area_code for row in rows])
    return render(request, "sensing/things.html", {
        "now": now, "show": show, "text": text, "totals": totals, "page": shown, "count": totals[show],
        "rows": [(row, names.get(row.area_code, ""), [(m, m.is_silent(now)) for m in said.get(row.pk, [])])
                 for row in rows],
        "map": _map([(row.lon, row.lat) for row in rows], show, text),
    })


@sight.at_a_desk(*sight.SEES_THINGS)
@require_GET
def pins(request: HttpRequest) -> HttpResponse:
    """Return the devices of the list as GeoJSON (设备点位), written by the database."""
    show, text = request.GET.get("show", "all"), request.GET.get("q", "")[:LONGEST].replace("\x00", "")
    if show not in SHOWN:
        raise NotFound("sensing.no_such_list", "There is no such list.")
    found = standing(matching(sight.visible_things(request.actor), text), now=clock.now()).filter(SHOWN[show])
    return HttpResponse(_features(found), content_type="application/geo+json")
