"""The phone page of those who go and look (外勤): what waits for them on site, and one tap to the deed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.areas import queries as areas
from linli.areas.domain.shapes import AreaKind
from linli.cases import policy, queries
from linli.cases.domain.limits import Standing
from linli.cases.domain.queues import queues_of
from linli.cases.models import Case
from linli.cases.pages import field_deed, place_map, words
from linli.cases.pages.access import at_desk, seen
from linli.cases.pages.told import quoted
from linli.cases.queries.desk import used_shares
from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role

OUTDOORS: Final = frozenset({Role.GRID, Role.CHECKER})
ERRANDS: Final = {  # the queues whose cases somebody must go and see, and how a row says so
    "to_verify": pgettext_lazy("errand", "Go and see"),
    "to_check": pgettext_lazy("errand", "Check the work"),
}
MOST: Final = 100
GRID_DIGITS: Final = 15
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Errand:
    """One matter to be looked at on site (待办)."""

    case: Case
    word: str | Promise
    late: bool
    used: float | None


def outdoors(view: View) -> View:
    """Refuse whoever has no post that goes out: the desk is theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not any(post.role in OUTDOORS for post in request.actor.posts):
            raise NotPermitted("cases.field_only", "This page is for grid workers and checkers.")
        return view(request, *args, **kwargs)

    return at_desk(guarded)


@never_cache
@outdoors
@require_safe
def errands(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person on site, the most urgent first; the phone puts the nearest first."""
    actor = request.actor
    waiting = _waiting(actor)
    shown = waiting[:MOST]
    return render(request, "cases/field.html", {
        "errands": shown, "count": len(waiting), "place_map": _map(actor, shown), "area": _area(actor),
        "may_patrol": any(post.role == Role.GRID for post in actor.posts),
        "done": words.DONE.get(request.GET.get("done", "")),
    })


@never_cache
@outdoors
@require_http_methods(["GET", "HEAD", "POST"])
def errand(request: HttpRequest, number: str) -> HttpResponse:
    """Show one matter with the form of the deed, or take the deed; a refused one keeps its photos and words."""
    found = seen(request.actor, number)
    if request.method != "POST":
        return _ask(request, found, field_deed.blank())
    told = field_deed.told(request, request.POST.get("move", ""))
    if told.stays:
        return _ask(request, found, told)
    refused = field_deed.take(told, found, actor=request.actor)
    if refused is not None:
        return _ask(request, seen(request.actor, number), refused, status=refused.status)
    return redirect(f"{reverse('field')}?done={told.move}")


def _ask(request: HttpRequest, found: Case, told: field_deed.Told, *, status: int = 200) -> HttpResponse:
    reports = queries.reports_of(found.pk)
    return render(request, "cases/field_deed.html", {
        "case": found, "late": found.standing is Standing.LATE, "waits": words.WAITS[found.state],
        "told": told, "photos": [photo for report in reports for photo in report.photos][:2],
        "quoted": quoted(reports),
        "moves": field_deed.offered(policy.moves_allowed(request.actor, found)),
        "place_map": place_map.of_case(found), "used": used_shares([found])[found.pk],
    }, status=status)


def _waiting(actor: Actor) -> list[Errand]:
    cases = [(case, word) for queue, word in ERRANDS.items() if queue in queues_of(actor)
             for case in queries.inbox(actor, queue)]
    used = used_shares([case for case, _word in cases])
    found = [Errand(case, word, case.standing is Standing.LATE, used[case.pk]) for case, word in cases]
    return sorted(found, key=lambda one: (-one.case.level_rank, one.case.due_at is None,
                                          one.case.due_at or one.case.opened_at, one.case.opened_at))


def _area(actor: Actor) -> str:
    """Return where this person goes round, in words: 柳塘社区 网格 012."""
    own = [post.area for post in actor.posts if post.role in OUTDOORS and post.area]
    return areas.names(own[:1]).get(own[0], "") if own else ""


def _map(actor: Actor, shown: Sequence[Errand]) -> dict[str, Any] | None:
    """Return the map: the matters and one's own grid; without either, the area of the post."""
    own = next((post.area for post in actor.posts if post.role in OUTDOORS), "")
    mine = own if len(own) == GRID_DIGITS else ""
    places = [(one.case.lon, one.case.lat) for one in shown]
    box = areas.extent(own, AreaKind.GRID) if mine or not places else None
    if box is not None:
        places += [(box.min_lon, box.min_lat), (box.max_lon, box.max_lat)]
    if not places:
        return None
    return place_map.around([one.case for one in shown], places, mine=mine, url=_address,
                            none=_("This browser cannot draw the map. Everything on it is in the list below."))


def _address(case: Case) -> str:
    return reverse("errand", args=[case.number])
