from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from linli.kernel import clock
from linli.sensing.domain.sight import SEES_AREA
from linli.sensing.models import Observation
from linli.sensing.pages import sight
from linli.sensing.pages.measured import Measured, measured, stream_of
from linli.sensing.pages.span import Span

PAGE: Final = 200
CHUNK: Final = 5000
ARRIVAL_TIME: Final = 1  # flag of a reading that came without its own moment


@sight.only_for(SEES_AREA)
@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show raw readings as a table (读数表), newest first."""
    found = sight.thing(request.actor, code)
    stream = stream_of(measured([found.pk]).get(found.pk, []), request.GET.get("metric", ""))
    span = Span.of(request.GET, now=clock.now())
    page = Paginator(_within(stream, span).order_by("-ts"), PAGE).get_page(request.GET.get("page"))
    return render(request, "sensing/readings.html", {
        "thing": found, "stream": stream, "span": span, "page": page, "now": clock.now(),
        "rows": [(row.ts, repr(row.value), bool(row.flags & ARRIVAL_TIME)) for row in page.object_list],
        "of_metric": f"metric={stream.metric}&{span.as_query}",
    })


@sight.only_for(SEES_AREA)
@require_GET
def export(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Send every raw reading of a stretch of time as CSV (读数导出), oldest first, each value exactly as stored."""
    found = sight.thing(request.actor, code)
    stream = stream_of(measured([found.pk]).get(found.pk, []), request.GET.get("metric", ""))
    span = Span.of(request.GET, now=clock.now())
    name = f"{found.code}-{stream.metric}-{span.first:%Y%m%dT%H%M}-{span.last:%Y%m%dT%H%M}.csv"
    return StreamingHttpResponse(_lines(stream, span), content_type="text/csv; charset=utf-8",
                                 headers={"Content-Disposition": content_disposition_header(True, name)})


def _within(stream: Measured, span: Span) -> "QuerySet[Observation]":
    return Observation.objects.filter(datastream=stream.datastream, ts__gte=span.start, ts__lt=span.until)


def _lines(stream: Measured, span: Span) -> Iterator[str]:
    """Yield the lines, a few thousand readings at a time; what arrives meanwhile behind the last line comes too."""
    yield "time,value,time_is_arrival\r\n"
    last: datetime | None = None
    while rows := list(_after(_within(stream, span), last)):
        yield "".join(f"{timezone.localtime(at).isoformat()},{value!r},{flags & ARRIVAL_TIME}\r\n"
                      for at, value, flags in rows)
        last = rows[-1][0]


def _after(found: "QuerySet[Observation]", last: datetime | None) -> "QuerySet[Observation, Any]":
    rows = found.filter(ts__gt=last) if last else found
    return rows.order_by("ts").values_list("ts", "value", "flags")[:CHUNK]
