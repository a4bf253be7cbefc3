import re
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel import clock
from linli.kernel.errors import DomainError, Invalid, NotFound
from linli.kernel.geo import Point
from linli.sensing import actions, policy
from linli.sensing.pages import sight
from linli.sensing.pages.forms import AdoptForm
from linli.sensing.pages.refused import PAGE, last_replay, refused_devices, samples

LONGEST: Final = 100


@sight.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show what was refused and from whom (隔离区); the operator adopts a device and has its messages read again."""
    policy.require_quarantine(request.actor)
    if request.method == "POST":
        return _replay(request) if request.POST.get("deed") == "replay" else _adopt(request)
    return _show(request, request.GET.get("device", "")[:LONGEST].replace("\x00", ""))


def _show(request: HttpRequest, device: str, form: AdoptForm | None = None, error: str = "") -> HttpResponse:
    given = request.GET.get("page", "1")
    number = int(given) if re.fullmatch(r"[1-9][0-9]{0,4}", given) else 1
    found = refused_devices(number)
    chosen = next((row for row in found if row.device == device), None)
    if device and chosen is None:
        chosen = next(iter(refused_devices(1, device)), None)
        if chosen is None:
            raise NotFound("sensing.nothing_refused", "Nothing was refused of this device.")
    about: dict[str, Any] = {"samples": samples(device), "replay": last_replay(device)} if chosen else {}
    if chosen and chosen.adopted is None:
        about["form"] = form or AdoptForm(initial={"device": device, "name": device})
    return render(request, "sensing/quarantine.html", about | {
        "devices": found[:PAGE], "number": number, "has_next": len(found) > PAGE, "chosen": chosen, "error": error,
        "now": clock.now(),
    }, status=422 if error or (form and form.errors) else 200)


def _adopt(request: HttpRequest) -> HttpResponse:
    form = AdoptForm(request.POST)
    device = request.POST.get("device", "")[:LONGEST].replace("\x00", "")
    if not form.is_valid():
        return _show(request, device, form)
    said = form.cleaned_data
    try:
        with transaction.atomic():
            actions.adopt(said["device"], name=said["name"], kit=said["kit"], component=said["component"],
                          where=_where(said), gateway=said["gateway"], actor=request.actor)
            actions.replay_quarantined(said["device"], actor=request.actor)
    except DomainError as refusal:
        return _show(request, device, form, error=_(refusal.message).format(**refusal.params))
    return redirect("thing", code=said["device"])


def _replay(request: HttpRequest) -> HttpResponse:
    device = request.POST.get("device", "")
    actions.replay_quarantined(device, actor=request.actor)
    return redirect(f"{request.path}?{urlencode({'device': device})}")


def _where(said: dict[str, Any]) -> Point | None:
    if said["lon"] is None and said["lat"] is None:
        return None
    if said["lon"] is None or said["lat"] is None:
        raise Invalid("sensing.half_a_place", "A place needs both longitude and latitude.", field="lon")
    return Point(said["lon"], said["lat"])
