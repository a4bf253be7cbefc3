"""The operator's page of base-lines (基线): which marks wait for one, and what each device's is."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel import clock
from linli.kernel.errors import DomainError, Invalid, NotFound
from linli.kernel.role import Role
from linli.sensing import actions, policy
from linli.sensing.models import Datastream
from linli.sensing.pages import sight
from linli.sensing.pages.listed import PAGE, matching
from linli.sensing.pages.measured import measured

LONGEST: Final = 100
COUNTED_FROM: Final = {"levels": [{"over_base": True}]}
SHOWN: Final = {"missing": Q(base_line=None), "set": Q(base_line__isnull=False), "all": Q()}


@sight.only_for({Role.OPERATOR})
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """List what is judged from a base-line (基线清单), what has none first; the operator sets one."""
    if request.method == "POST":
        return _set(request)
    return _show(request)


def _show(request: HttpRequest, wrong: tuple[str, str] = ("", ""), error: str = "") -> HttpResponse:
    show, text = request.GET.get("show", "missing"), _said(request.GET.get("q", "")).strip()
    if show not in SHOWN:
        raise NotFound("sensing.no_such_list", "There is no such list.")
    found = _judged(request, text)
    page = Paginator(found.filter(SHOWN[show]), PAGE).get_page(request.GET.get("page"))
    said = measured({stream.thing_id for stream in page.object_list})
    newest = {one.datastream: one for streams in said.values() for one in streams}
    return render(request, "sensing/base_lines.html", {
        "show": show, "text": text, "page": page, "error": error, "now": clock.now(),
        "totals": {name: found.filter(condition).count() for name, condition in SHOWN.items()},
        "lines": [{"thing": stream.thing, "stream": newest[stream.pk], "given": request.POST.get("value", "")
                   if (stream.thing.code, stream.metric) == wrong else None} for stream in page.object_list],
        "keep": urlencode({"show": show, "q": text}),
    }, status=422 if error else 200)


def _set(request: HttpRequest) -> HttpResponse:
    device, metric = _said(request.POST.get("device", "")), _said(request.POST.get("metric", ""))
    if not policy.visible_things(request.actor).filter(code=device).exists():
        raise NotFound("sensing.no_such_thing", "There is no such device.")
    try:
        actions.set_base_line(device, metric, _number(request.POST.get("value", "")), actor=request.actor)
    except Invalid as refusal:
        return _show(request, (device, metric), _told(refusal))
    return redirect(request.get_full_path())


def _judged(request: HttpRequest, text: str) -> "QuerySet[Datastream]":
    """Return the datastreams in sight of which a mark is counted from the base-line."""
    things = matching(policy.visible_things(request.actor), text)
    return (Datastream.objects.filter(thing__in=things, rule__definition__contains=COUNTED_FROM)
            .select_related("thing").order_by(F("base_line").asc(nulls_first=True), "thing__code", "id"))


def _number(given: str) -> float | None:
    """Return the value that was written, None if the field was left empty: the base-line is not known any more."""
    text = given.strip()
    if not text:
        return None
    try:
        return float(text[:LONGEST].replace("−", "-"))
    except ValueError:
        raise Invalid("sensing.bad_base_line", "A base-line is a finite number.", field="value") from None


def _said(text: str) -> str:
    return text[:LONGEST].replace("\x00", "")


def _told(refusal: DomainError) -> str:
    given: dict[str, Any] = refusal.params
    return _(refusal.message).format(**given)
