"""One case on its page (案件页): chain, what happened, clock, the three units, the place, and what one may do here."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.assets import queries as assets
from linli.assets.domain.component import ComponentCard
from linli.cases import policy, queries
from linli.cases.domain.limits import Standing
from linli.cases.domain.workflow import MOVES, WITH_UNIT, State
from linli.cases.models import Case
from linli.cases.pages import deeds, marks, photos, place_map, places, resting, ruler, signs, trail, unreached, words
from linli.cases.pages.access import at_desk, seen
from linli.cases.pages.deeds import Deed
from linli.cases.pages.told import all_told, namer
from linli.cases.queries.timers import stage_clock
from linli.cases.queries.units import is_unreached
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.organisations import queries as organisations
from linli.sensing.domain.sight import SEES_AREA as SEES_THINGS


@dataclass(frozen=True, slots=True)
class Accountable:
    """One of the three units of a component (三类责任单位); "" = not known, which is normal and said so."""

    duty: str
    name: str
    acting: bool


@never_cache
@at_desk
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case; `?move=` opens the form of one move."""
    found = seen(request.actor, number)
    wanted = request.GET.get("move", "")
    allowed = policy.moves_allowed(request.actor, found)
    deed = deeds.blank(found, wanted) if wanted in allowed else None
    return show(request, found, allowed, deed=deed)


@at_desk
@require_safe
def photo(request: HttpRequest, number: str, photo_id: UUID) -> HttpResponse:
    """Show a photo of a case to somebody who sees the case."""
    found = seen(request.actor, number)
    response = HttpResponse(queries.photo_for(request.actor, found.pk, photo_id), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@at_desk
@require_safe
def kept_photo(request: HttpRequest, sealed: str) -> HttpResponse:
    """Show a photo that a form still open carries, to whoever is filling it in."""
    return photos.send_sealed(sealed, request.actor)


def show(request: HttpRequest, found: Case, allowed: list[str], *, deed: Deed | None = None, error: str = "",
         status: int = 200) -> HttpResponse:
    """Draw the page of a case, with the form of a move and what was wrong with it."""
    reports, steps = queries.reports_of(found.pk), queries.timeline(found.pk)
    component = assets.card(found.component_id) if found.component_id else None
    units, named, lines = _accountable(component, found), namer(), trail.lines(steps)
    page: dict[str, Any] = {
        "case": found, "late": found.standing is Standing.LATE, "sent": State(found.state) in WITH_UNIT,
        "now": clock.now(), "chain": trail.chain(found, reports, steps, named), "lines": lines,
        "reports": [(report, told, signs.of(report.likeness)) for report, told in all_told(reports, named)],
        "sources": words.sources(Counter(report.source for report in reports)),
        "waits": words.WAITS[found.state], "tags": marks.of(found),
        "route": words.ROUTES[found.route_rule] if found.unit else "",
        "ruler": ruler.of(found), "stage": stage_clock(found, clock.now()),
        "unreached": is_unreached(found.unit_id) and found.is_open, "told_instead": unreached.of(steps),
        "component": component, "units": units,
        "component_title": places.titled(component.class_name, component.name) if component else "",
        "unit_among": any(one.acting for one in units), "place_map": place_map.of_case(found),
        "asked_for": trail.asked_for(found, lines),
        "deed": deed, "possible": deed is not None and deed.move.name in allowed, "error": error,
        "roles": _roles(request.actor, allowed), "sees_readings": _sees_readings(request.actor, found),
        "deeds": [(MOVES[name], words.DEEDS[name]) for name in _primary_last(allowed)],
        "done": words.DONE.get(request.GET.get("done", "")), **resting.of(request.actor, found),
    }
    return render(request, "cases/record.html", page, status=status)


def _accountable(component: ComponentCard | None, found: Case) -> list[Accountable]:
    if component is None:
        return []
    ids = {"supervising": component.supervising, "owning": component.owning, "maintaining": component.maintaining}
    names = organisations.names([unit for unit in ids.values() if unit])
    acting = next((duty for duty in reversed(ids) if ids[duty] and ids[duty] == found.unit_id), "")
    return [Accountable(duty, names.get(unit, "") if unit else "", duty == acting) for duty, unit in ids.items()]


def _roles(actor: Actor, allowed: list[str]) -> list[Any]:
    """Return who this person is here: the posts by which something may be done, each once."""
    return [words.ROLES[role] for role in dict.fromkeys(MOVES[name].role.value for name in allowed)]


def _sees_readings(actor: Actor, found: Case) -> bool:
    """Return whether this person may look at the devices of the case's area: a handling unit may not."""
    return any(post.role in SEES_THINGS and found.area_code.startswith(post.area) for post in actor.posts)


def _primary_last(allowed: list[str]) -> list[str]:
    """Return the moves with the one that carries the case forward at the end, where the eye stops."""
    forward = [name for name in allowed if name in deeds.FORWARD]
    return [name for name in allowed if name not in deeds.FORWARD] + forward
