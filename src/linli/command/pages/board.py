import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.command import queries
from linli.command.domain import past, sight
from linli.command.domain.figures import Kind
from linli.command.domain.stream import Row
from linli.command.pages import shown
from linli.command.pages.asked import Asked
from linli.command.pages.card import card
from linli.command.pages.guard import is_part, watching
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.metrics import queries as metrics

TILES: Final = {layer: f"/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt" for layer in ("base", "grids", "components")}
COVERS: Final = {"left": ".cmd > .left", "right": ".cmd > .right", "bottom": "#under"}


@watching
def board(request: HttpRequest) -> HttpResponse:
    """Show what is happening, who is on it and what is late (态势)."""
    now = clock.now()
    asked = Asked.of(request.GET, now=now)
    rows, listed = _rows(request, asked, now)
    counted = _figures(request, asked, now)
    props = _map(request, asked, rows)
    scale = shown.scale(queries.trace(request.actor, now), now)
    return render(request, "command/board.html", {**listed, **counted, "map": props, "scale": scale})


@watching
def stream(request: HttpRequest) -> HttpResponse:
    """Show the rows anew (事件流)."""
    now = clock.now()
    asked = Asked.of(request.GET, now=now)
    return render(request, "command/stream.html", {**_rows(request, asked, now)[1], "figures": None})


@watching
def figures(request: HttpRequest) -> HttpResponse:
    """Show the numbers anew (看板数字)."""
    now = clock.now()
    asked = Asked.of(request.GET, now=now)
    return render(request, "command/figures.html", {**_figures(request, asked, now), "asked": asked})


@watching
def chain(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Show one matter from its reading to its check (链条): a card for the board, a page of its own without scripts."""
    now = clock.now()
    at = past.looked_back_to(request.GET.get("at", ""), now)
    now = at or now
    found = queries.chain(request.actor, Kind(kind), number, now=now, looks_back=at is not None)
    if found is None:
        raise NotFound("command.no_such_chain", "There is no such alert or case.")
    shown_card = card(found, now=now, sees_thing="devices" in sight.sees(request.actor))
    given = {"card": shown_card, "chain": found, "now": now}
    if not is_part(request):
        return render(request, "command/chain_page.html", given)
    response = render(request, "command/chain.html", given)
    if "again" not in request.GET:
        lon, lat = found.where
        chosen = _mark(lon, lat, shown_card.title, shown_card.told)
        response["HX-Trigger-After-Swap"] = json.dumps({"linli:chosen": chosen})
    return response


def _rows(request: HttpRequest, asked: Asked, now: datetime) -> tuple[list[Row], dict[str, Any]]:
    now = asked.at or now
    if asked.choice:
        page = queries.chosen_rows(request.actor, asked.choice, asked.page, now=now, looks_back=asked.at is not None)
        listed = {"page": page, "heading": shown.heading(asked.show), "lines": shown.lines(page.rows, asked, now)}
        return page.rows, listed | {"asked": asked, "now": now,
                      "sees": sight.sees(request.actor)}
    found = queries.stream(request.actor, now=now, looks_back=asked.at is not None)
    groups = [(group, shown.GROUP_WORDS[group], shown.lines(rows, asked, now)) for group, rows in found.groups.items()]
    rows = [row for rows in found.groups.values() for row in rows]
    return rows, {"groups": groups, "nothing": not rows, "more": found.more, "asked": asked, "now": now,
                      "sees": sight.sees(request.actor)}


def _figures(request: HttpRequest, asked: Asked, now: datetime) -> dict[str, Any]:
    found = queries.figures(request.actor, now=asked.at or now, looks_back=asked.at is not None)
    return {"figures": found, **shown.tallies(found), "feeds": shown.feeds(metrics.parts()),
            "sees": sight.sees(request.actor)}


def _map(request: HttpRequest, asked: Asked, rows: Sequence[Row]) -> dict[str, Any]:
    chosen = next((row for row in rows if shown.is_chosen(row, asked)), None)
    frame = queries.frame(request.actor, [row.where for row in ([chosen] if chosen else rows)])
    select = _mark(*chosen.where, shown.title(chosen), shown.value(chosen)) if chosen else None
    return {
        "center": [frame.lon, frame.lat], "zoom": frame.zoom, "tiles": TILES, "pins_url": "/api/v1/board/pins",
        "live_url": "/live", "select": select, "thread": "#chain", "padding": COVERS,
        "buttons": [["alerts", _("Alerts")], ["cases", _("Cases")], ["components", _("Components")],
                    ["grids", _("Grids")]],
        "labels": {"zoom_in": _("Nearer"), "zoom_out": _("Farther"), "home": _("Whole area"), "layers": _("Layers"),
                   "none": _("This browser cannot draw the map. Everything on it is in the list beside it.")},
    }


def _mark(lon: float, lat: float, title: str, value: str) -> dict[str, Any]:
    """Return what the map rings, and what it writes beside the ring."""
    return {"lon": lon, "lat": lat, "label": f"{title} {value}".strip()}
