from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.areas import queries as areas
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.level import Level
from linli.sensing.domain.episodes import Episode
from linli.sensing.domain.threshold import Direction
from linli.sensing.domain.value import written
from linli.sensing.models import Thing
from linli.sensing.pages import device, sight
from linli.sensing.pages.measured import Measured, measured, rule_name
from linli.sensing.pages.rule import sentences
from linli.sensing.pages.series import Series, extremes, series, stretches
from linli.sensing.pages.span import Span
from linli.web.templatetags.linli import level_word

LISTED: Final = 20


@sight.at_a_desk(*sight.SEES_THINGS)
@require_GET
def thing(request: HttpRequest, code: str) -> HttpResponse:
    """Show one device (设备): what it measures now, its series, its rule in words, and how reliable it is."""
    now = clock.now()
    found = sight.thing(request.actor, code)
    streams = measured([found.pk]).get(found.pk, [])
    given: dict[str, Any] = {"thing": found, "streams": streams, "now": now, "facts": device.facts(found.code),
                             "area": areas.names([found.area_code]).get(found.area_code, "")}
    if streams:
        given |= _measuring(request, found, _chosen(streams, request.GET.get("metric", "")), now)
    return render(request, "sensing/thing.html", given)


@sight.at_a_desk(*sight.SEES_THINGS)
@require_GET
def chart(request: HttpRequest, code: str) -> HttpResponse:
    """Return the chart's values anew (曲线数据), for a page that stays open."""
    now = clock.now()
    found = sight.thing(request.actor, code)
    stream = _chosen(measured([found.pk]).get(found.pk, []), request.GET.get("metric", ""))
    span = Span.of(request.GET, now=now)
    return JsonResponse(_values(stream, series(stream.datastream, span.start, span.until),
                                stretches(stream.datastream, span.start, span.until), span))


def _measuring(request: HttpRequest, found: Thing, stream: Measured, now: datetime) -> dict[str, Any]:
    span = Span.of(request.GET, now=now)
    values = series(stream.datastream, span.start, span.until)
    episodes = stretches(stream.datastream, span.start, span.until)
    here = f"/desk/things/{found.code}"
    of_metric = f"metric={stream.metric}&{span.as_query}"
    return {
        "stream": stream, "span": span, "series": values, "silent": stream.is_silent(now), "sentences": sentences(stream),
        "rule": stream.rule, "rule_name": rule_name(stream.rule) if stream.rule else "", "of_metric": of_metric,
        "since": episodes[-1].from_at if episodes and episodes[-1].to_at is None else None,
        "episodes": _listed(stream, episodes, now), "episode_count": len(episodes),
        "told": _told(stream, values, episodes),
        "chart": _values(stream, values, episodes, span) | {
            "name": stream.name, "unit": stream.unit, "zone": timezone.get_current_timezone_name(),
            "url": f"{here}/chart?{of_metric}", "live_url": "/live",
            "labels": {"table": _("As a table"), "chart": _("As a chart"), "time": _("Time"), "value": stream.name,
                       "gap": _("no reading"), "empty": _("No reading in this stretch of time.")},
        },
    }


def _chosen(streams: list[Measured], metric: str) -> Measured:
    """Return the datastream of this metric, without a name the one that is judged; raise NotFound if there is none."""
    for stream in streams:
        if stream.metric == metric or (not metric and stream.rule):
            return stream
    if metric or not streams:
        raise NotFound("sensing.no_such_metric", "This device measures nothing of that name.")
    return streams[0]


def _values(stream: Measured, values: Series, episodes: list[Episode], span: Span) -> dict[str, Any]:
    rule = stream.threshold
    gap_s = max(stream.limit_s, 2 * (values.bucket_s or 0))
    return {
        "points": [[_ms(at), mean] for at, mean in values.points],
        "band": [[_ms(at), least, greatest] for at, least, greatest in values.band],
        "gap_s": gap_s,
        "window": [_ms(span.start), _ms(span.until)],
        "thresholds": [{"level": mark.level.word, "value": mark.enter,
                        "label": f"{level_word(mark.level)} {written(mark.enter)}"} for mark in rule.marks] if rule else [],
        "episodes": [{"from": max(_ms(e.from_at), _ms(span.start)), "to": e.to_at and _ms(e.to_at),
                      "level": e.level.word} for e in episodes],
    }


def _listed(stream: Measured, found: list[Episode], now: datetime) -> list[tuple[Episode, str]]:
    newest = found[-LISTED:][::-1]
    above = stream.threshold is None or stream.threshold.direction is Direction.ABOVE
    farthest = extremes(stream.datastream, newest, above=above, now=now) if newest else {}
    return [(episode, written(farthest[episode.from_at]) if episode.from_at in farthest else "–") for episode in newest]


def _told(stream: Measured, values: Series, episodes: list[Episode]) -> str:
    """Return what the chart shows, as a sentence (图说)."""
    if values.least is None or values.greatest is None:
        return _("No reading in this stretch of time.")
    worst = max((episode.level for episode in episodes), default=Level.NONE)
    said = _("{name}: {count} readings, from {least} to {greatest} {unit}.").format(
        name=stream.name, count=values.count, least=written(values.least), greatest=written(values.greatest),
        unit=stream.unit)
    if worst:
        said += " " + _("{n} times over a mark, at worst {level}.").format(n=len(episodes), level=level_word(worst))
    return said


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
