"""A resident's report in three questions (居民上报): what, where, look it over. Nothing needs a sign-in or a script."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.cases import actions as cases
from linli.cases.domain.intake import Report, Source
from linli.cases.domain.texts import REPORT_LENGTH
from linli.cases.pages import choices, phone, photos, places
from linli.cases.pages.draft import PHOTOS_AT_MOST, Draft, drop, parse_point
from linli.cases.pages.forms import WhatForm, WhereForm
from linli.cases.pages.refusals import said
from linli.kernel import clock
from linli.kernel.errors import DomainError, NotFound

SENT: Final = "report_sent"
KEPT_LENGTH: Final = 2 * REPORT_LENGTH


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Ask what happened (第 1 步), or take the finished report (提交)."""
    if request.method == "POST":
        return _send(request)
    draft, scanned = Draft.of(request), request.GET.get("component", "")
    if scanned and scanned != draft.component:
        draft = Draft(component=scanned)
    return _ask_what(request, draft)


@require_POST
def what(request: HttpRequest) -> HttpResponse:
    """Keep the first answer, with its photos, and go on; a wrong one comes back with everything still there."""
    draft = Draft.of(request)
    scanned = request.POST.get("component", "")
    near = places.component(scanned)
    form = WhatForm(request.POST, offered=choices.categories(near.class_code if near else ""))
    kept = tuple(photo for photo in draft.photos if photo != request.POST.get("remove"))
    taken, refused = photos.take(request, kept, most=PHOTOS_AT_MOST)
    valid = form.is_valid()
    draft = replace(draft, photos=taken, text=request.POST.get("text", "").strip()[:KEPT_LENGTH],
                    category=form.cleaned_data.get("category", ""))
    if near and near.code != draft.component:
        draft = replace(draft, component=near.code).at(near.point, "")
    draft.keep(request)
    if "remove" in request.POST:
        return redirect("report")
    if valid and not refused and draft.says_what:
        return redirect("report-where")
    return _ask_what(request, draft, form=form, refused=refused, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def where(request: HttpRequest) -> HttpResponse:
    """Ask where it is (第 2 步): by the map, by the list of grids, or by the code on a component."""
    draft = Draft.of(request)
    if not draft.says_what:
        return redirect("report")
    if request.method != "POST":
        return _ask_where(request, draft)
    form = WhereForm(request.POST)
    try:
        draft = _placed(draft, form.cleaned_data if form.is_valid() else {})
    except DomainError as error:
        return _ask_where(request, draft, form=form, error=error, status=422)
    draft.keep(request)
    return redirect("report-look")


@require_GET
def nearby(request: HttpRequest) -> HttpResponse:
    """Answer a part of a page: where the pin is, and the component beside it (附近部件)."""
    draft = Draft.of(request)
    chosen = choices.categories().named(request.GET.get("category") or draft.category)
    try:
        here = places.spot(parse_point(request.GET.get("lon", ""), request.GET.get("lat", "")),
                           chosen.component_classes if chosen else [], draft.component)
    except DomainError as error:
        return render(request, "cases/nearby.html", {"error": said(error)})
    return render(request, "cases/nearby.html", {"spot": here})


@never_cache
@require_GET
def look(request: HttpRequest) -> HttpResponse:
    """Show all of it once more (第 3 步)."""
    draft = Draft.of(request)
    if not draft.says_what or draft.where is None:
        return redirect("report" if not draft.says_what else "report-where")
    return _show_all(request, draft)


@require_GET
def photo(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """Show a photo of the report in the making, to whoever is making it."""
    if str(photo_id) not in Draft.of(request).photos:
        raise NotFound("files.no_photo", "There is no such photo.")
    return photos.send(photo_id)


def _send(request: HttpRequest) -> HttpResponse:
    draft = Draft.of(request)
    if draft.where is None or not draft.says_what:
        return _sent_before(request)
    try:
        with transaction.atomic():
            submitted = cases.submit(_as_report(draft), actor=request.actor)
    except DomainError as error:
        return _show_all(request, draft, error=said(error), status=error.status)
    drop(request)
    request.session[SENT] = submitted.follow_token
    if submitted.follow_token is None:
        return redirect("home")
    return phone.remember(redirect("follow", submitted.follow_token), request, submitted.follow_token)


def _sent_before(request: HttpRequest) -> HttpResponse:
    """Go where a second tap on the same button leads: to the report that was sent, or to the first question."""
    token = request.session.get(SENT)
    return redirect("follow", token) if token else redirect("report")


def _as_report(draft: Draft) -> Report:
    near = places.component(draft.component)
    assert draft.where is not None  # noqa: S101  # `_send` asked
    return Report(
        source=Source.RESIDENT, source_ref=draft.ref, category=draft.category, where=draft.where, seen_at=clock.now(),
        text=draft.text, component_id=near.id if near else None, photos=tuple(UUID(one) for one in draft.photos),
    )


def _placed(draft: Draft, given: dict[str, str]) -> Draft:
    """Return the draft at the place that was handed in: list and label are chosen on purpose, so they go first."""
    if given.get("grid"):
        here = places.of_grid(given["grid"])
        return replace(draft, component="").at(here, places.spot(here, []).label)
    if given.get("code"):
        named = places.of_code(given["code"])
        return replace(draft, component=named.code).at(named.point, places.spot(named.point, []).label)
    here = parse_point(given.get("lon", ""), given.get("lat", ""))
    named_code = places.of_code(given["component"]).code if given.get("component") else ""
    return replace(draft, component=named_code).at(here, places.spot(here, []).label)


def _ask_what(request: HttpRequest, draft: Draft, *, form: WhatForm | None = None, refused: str = "",
              status: int = 200) -> HttpResponse:
    near = places.component(draft.component)
    offered = choices.categories(near.class_code if near else "")
    page: dict[str, Any] = {
        "form": form or WhatForm(offered=offered, initial={"text": draft.text, "category": draft.category}),
        "draft": draft, "offered": offered, "component": near, "refused": refused,
        "unknown_component": bool(draft.component) and near is None, "room": PHOTOS_AT_MOST - len(draft.photos),
        "nothing_said": form is not None and not draft.photos and not draft.text,
    }
    return render(request, "cases/report_what.html", page, status=status)


def _ask_where(request: HttpRequest, draft: Draft, *, form: WhereForm | None = None, error: DomainError | None = None,
               status: int = 200) -> HttpResponse:
    page: dict[str, Any] = {
        "draft": draft, "form": form or WhereForm(initial={"lon": draft.lon, "lat": draft.lat}),
        "error": said(error) if error else "", "error_field": error.params.get("field", "") if error else "",
        "component": places.component(draft.component), "picker": places.picker(draft.where, reverse("report-nearby")),
        **places.lists(request.GET.get("community", "")),
    }
    return render(request, "cases/report_where.html", page, status=status)


def _show_all(request: HttpRequest, draft: Draft, *, error: str = "", status: int = 200) -> HttpResponse:
    category = choices.categories().named(draft.category)
    page = {"draft": draft, "category": category, "component": places.component(draft.component), "error": error,
            "limit": choices.limit_of(category) if category else ""}
    return render(request, "cases/report_look.html", page, status=status)
