from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from linli.areas import queries as areas
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.sensing import queries
from linli.sensing.domain.sight import SEES_AREA
from linli.sensing.domain.threshold import Mark
from linli.sensing.domain.value import written
from linli.sensing.models import Thing
from linli.sensing.pages import device, sight
from linli.sensing.pages.measured import Measured, measured, rule_name, stream_of
from linli.sensing.pages.rule import conditions, sentences
from linli.sensing.pages.span import Span
from linli.sensing.pages.stretches import Stretch, stretches
from linli.sensing.queries.counters import counted_between
from linli.web.domain.signs import SIGNS
from linli.web.templatetags.linli import level_word

LISTED: Final = 20
MOST_POINTS: Final = 2000
QUICKEST_S: Final = 10.0
SLOWEST_S: Final = 60.0
TOLD_FROM_S: Final = 30.0


@sight.only_for(SEES_AREA)
@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show one device (设备): what it measures now, its series, its rule in words, and how reliable it is."""
    now = clock.now()
    found = sight.thing(request.actor, code)
    streams = measured([found.pk]).get(found.pk, [])
    facts = device.facts(found.code)
    given: dict[str, Any] = {"thing": found, "streams": streams, "now": now, "facts": facts,
                             "senders": facts.senders(now),
                             "area": areas.names([found.area_code]).get(found.area_code, "")}
    if streams:
        given |= _measuring(request, found, stream_of(streams, request.GET.get("metric", "")), now)
    return render(request, "sensing/thing.html", given)


@sight.only_for(SEES_AREA)
@require_GET
def chart(request: HttpRequest, code: str) -> HttpResponse:
    """Return the chart's values anew (曲线数据), for a page that stays open."""
    now = clock.now()
    found = sight.thing(request.actor, code)
    stream = stream_of(measured([found.pk]).get(found.pk, []), request.GET.get("metric", ""))
    span = Span.of(request.GET, now=now)
    return JsonResponse(_values(stream, queries.series(stream.datastream, span.start, span.until, MOST_POINTS),
                                _stretches(stream, span), span))


def _measuring(request: HttpRequest, found: Thing, stream: Measured, now: datetime) -> dict[str, Any]:
    span = Span.of(request.GET, now=now)
    values = queries.series(stream.datastream, span.start, span.until, MOST_POINTS)
    over = _stretches(stream, span)
    here = f"/desk/things/{found.code}"
    of_metric = f"metric={stream.metric}&{span.as_query}"
    return {
        "stream": stream, "span": span, "count": _count(values), "silent": stream.is_silent(now),
        "counted": stream.wraps_at and _counted(stream, stream.wraps_at, span),
        "speaks_late": stream.speaks_late(now), "sets_base_line": stream.counts_from_base and _operates(request, found),
        "bucket_s": values.bucket.total_seconds() if values.bucket else None,
        "sentences": sentences(stream), "conditions": conditions(stream), **_clock(stream), "rule": stream.rule,
        "rule_name": rule_name(stream.rule) if stream.rule else "", "of_metric": of_metric,
        "since": over[-1].episode.from_at if over and over[-1].episode.to_at is None else None,
        "stretches": [(s.episode, "–" if s.farthest is None else written(s.farthest)) for s in over[:-LISTED - 1:-1]],
        "stretch_count": len(over), "told": _told(stream, values, over),
        "chart": _values(stream, values, over, span) | {
            "name": stream.name, "unit": stream.unit, "zone": timezone.get_current_timezone_name(),
            "url": f"{here}/chart?{of_metric}", "live_url": "/live",
            "every_s": min(SLOWEST_S, max(QUICKEST_S, stream.usual_s or SLOWEST_S)),
            "labels": {"table": _("As a table"), "chart": _("As a chart"), "time": _("Time"), "value": stream.name,
                       "gap": _("no reading"), "empty": _("No reading in this stretch of time.")},
        },
    }


def _values(stream: Measured, values: queries.Series, over: list[Stretch], span: Span) -> dict[str, Any]:
    marks = stream.threshold.marks if stream.threshold else ()
    bucket = values.bucket or timedelta(0)
    middle = bucket / 2
    return {
        "points": [[_ms(point.at + middle), point.mean] for point in values.points],
        "band": [[_ms(point.at + middle), point.low, point.high] for point in values.points] if values.bucket else [],
        "gap_s": max(stream.limit_s, 2 * bucket.total_seconds()),
        "window": [_ms(span.start), _ms(span.until)],
        "thresholds": [{"level": mark.level.word, "value": enter, "label": f"{_sign(mark.level)} {written(enter)}"}
                       for mark in marks if (enter := _mark_at(mark, stream)) is not None],
        "episodes": [{"from": max(_ms(s.episode.from_at), _ms(span.start)), "level": s.episode.level.word,
                      "to": s.episode.to_at and _ms(s.episode.to_at)} for s in over],
    }


def _told(stream: Measured, values: queries.Series, over: list[Stretch]) -> str:
    """Return what the chart shows, as a sentence (图说)."""
    if not values.points:
        return _("No reading in this stretch of time.")
    worst = max((stretch.episode.level for stretch in over), default=Level.NONE)
    said = _("{name}: {count} readings, from {least} to {greatest} {unit}.").format(
        name=stream.name, count=_count(values), least=written(min(point.low for point in values.points)),
        greatest=written(max(point.high for point in values.points)), unit=stream.unit)
    if worst:
        said += " " + _("{n} times over a mark, at worst {level}.").format(n=len(over), level=level_word(worst))
    return said


def _mark_at(mark: Mark, stream: Measured) -> float | None:
    """Return where a mark stands on this device's scale, None if its base-line is not known."""
    if not mark.over_base:
        return mark.enter
    return None if stream.base_line is None else stream.base_line + mark.enter


def _counted(stream: Measured, wraps_at: float, span: Span) -> dict[str, Any]:
    found = counted_between(stream.datastream, span.start, span.until, wraps_at)
    return {"total": written(found.total), "wraps": found.wraps, "wraps_at": written(wraps_at),
            "restarts": found.restarts[-LISTED:], "restart_count": len(found.restarts)}


def _operates(request: HttpRequest, found: Thing) -> bool:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.holds(Role.OPERATOR, area=found.area_code)


def _clock(stream: Measured) -> dict[str, int]:
    """Return by how much the newest reading's own time is behind its arrival, or ahead of it (时钟偏差)."""
    off_s = (stream.arrived_at - stream.at).total_seconds() if stream.at and stream.arrived_at else 0.0
    told_s = round(off_s) if abs(off_s) >= TOLD_FROM_S else 0
    return {"clock_off_s": told_s, "ahead_s": -told_s}


def _stretches(stream: Measured, span: Span) -> list[Stretch]:
    return stretches(stream.datastream, span.start, span.until, above=stream.is_above)


def _count(values: queries.Series) -> int:
    return sum(point.count for point in values.points)


def _sign(level: Level) -> str:
    """Return the one character by which a level's sign is known."""
    return pgettext("level sign", SIGNS[level].number)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
