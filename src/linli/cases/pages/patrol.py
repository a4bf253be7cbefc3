"""A grid worker's report (网格上报): one page, nothing typed twice."""

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.areas import queries as areas
from linli.areas.domain.shapes import AreaKind
from linli.cases import actions as cases
from linli.cases import policy
from linli.cases.domain.intake import Report, Source
from linli.cases.pages import choices, photos, places
from linli.cases.pages.access import at_desk
from linli.cases.pages.draft import PHOTOS_AT_MOST, parse_point
from linli.cases.pages.forms import PatrolForm
from linli.cases.pages.refusals import said
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError
from linli.kernel.geo import Point
from linli.kernel.role import Role


@never_cache
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def patrol(request: HttpRequest) -> HttpResponse:
    """Show the form, or take the report; a refused one comes back with its photos and words.

    Taken even where another's grid begins: nothing seen on the way may be lost, and the case is for others to read.
    """
    policy.require_source(request.actor, Source.GRID)
    offered = choices.categories()
    if request.method != "POST":
        form = PatrolForm(offered=offered, initial={"ref": secrets.token_urlsafe(24)})
        return _ask(request, form, offered, ())
    form = PatrolForm(request.POST, offered=offered)
    kept, refused = photos.take(request, photos.carried(request), most=PHOTOS_AT_MOST)
    if photos.drops(request):
        return _ask(request, PatrolForm(initial=request.POST.dict(), offered=offered), offered, kept)
    if not form.is_valid() or refused:
        return _ask(request, form, offered, kept, refused=refused, status=422)
    try:
        with transaction.atomic():
            done = cases.submit(_as_report(form.cleaned_data, kept), actor=request.actor)
    except DomainError as error:
        return _ask(request, form, offered, kept, error=error, status=error.status)
    if not policy.visible_cases(request.actor).filter(pk=done.case_id).exists():
        return redirect(f"{reverse('field')}?done=elsewhere")
    return redirect(f"{reverse('case', args=[done.number])}?done={'merged' if done.merged else 'opened'}")


def _as_report(given: dict[str, Any], kept: tuple[str, ...]) -> Report:
    where, component_id = _place(given)
    return Report(
        source=Source.GRID, source_ref=given["ref"], category=given["category"], where=where, seen_at=clock.now(),
        text=given["text"], component_id=component_id, photos=tuple(UUID(photo) for photo in kept),
    )


def _place(given: dict[str, Any]) -> tuple[Point, int | None]:
    """Return where it is and which component: the code of a label before the list, the list before the map."""
    if given["code"]:
        named = places.of_code(given["code"])
        return named.point, named.id
    if given["grid"]:
        return places.of_grid(given["grid"]), None
    named_near = places.component(given["component"])
    return parse_point(given["lon"], given["lat"]), named_near.id if named_near else None


def _ask(request: HttpRequest, form: PatrolForm, offered: choices.Categories, kept: tuple[str, ...], *,
         refused: str = "", error: DomainError | None = None, status: int = 200) -> HttpResponse:
    where = _pinned(form)
    return render(request, "cases/patrol.html", {
        "form": form, "offered": offered, "kept": [photos.seal(photo, request.actor) for photo in kept],
        "refused": refused, "room": PHOTOS_AT_MOST - len(kept), "error": said(error) if error else "",
        "error_field": error.params.get("field", "") if error else "", "grids": _grids(request.actor),
        "picker": places.picker(where, reverse("report-nearby")),
    }, status=status)


def _pinned(form: PatrolForm) -> Point | None:
    try:
        return parse_point(form["lon"].value() or "", form["lat"].value() or "")
    except DomainError:
        return None


def _grids(actor: Actor) -> list[tuple[str, str]]:
    own = dict.fromkeys(post.area for post in actor.posts if post.role == Role.GRID)
    return [grid for area in own for grid in areas.within(area, AreaKind.GRID)]
