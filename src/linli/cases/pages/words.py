"""The case pages' words for codes (代码的说法): moves, queues, sources, limits, as a reader says them."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext, pgettext_lazy

from linli.cases.domain.remarks import Remark
from linli.cases.domain.routing import RouteRule

QUEUES: Final = {
    "to_accept": pgettext_lazy("queue", "To accept"),
    "to_file": pgettext_lazy("queue", "To file"),
    "to_dispatch": pgettext_lazy("queue", "To dispatch"),
    "to_handle": pgettext_lazy("queue", "To handle"),
    "to_check": pgettext_lazy("queue", "To check"),
    "to_close": pgettext_lazy("queue", "To close"),
    "late": pgettext_lazy("queue", "Overdue"),
    "open": pgettext_lazy("queue", "All open"),
    "closed": pgettext_lazy("queue", "Closed"),
}
DEEDS: Final = {
    "accept": pgettext_lazy("deed", "Accept"),
    "reject": pgettext_lazy("deed", "Do not take on"),
    "file": pgettext_lazy("deed", "File"),
    "dispatch": pgettext_lazy("deed", "Dispatch"),
    "return_to_dispatcher": pgettext_lazy("deed", "Return to dispatcher"),
    "report_done": pgettext_lazy("deed", "Report as fixed"),
    "check": pgettext_lazy("deed", "Confirm it is fixed"),
    "send_back": pgettext_lazy("deed", "Not fixed, send back"),
    "close": pgettext_lazy("deed", "Close"),
}
DONE: Final = {
    "accept": pgettext_lazy("step", "Accepted"),
    "reject": pgettext_lazy("step", "Not taken on"),
    "file": pgettext_lazy("step", "Filed"),
    "dispatch": pgettext_lazy("step", "Dispatched"),
    "return_to_dispatcher": pgettext_lazy("step", "Returned to dispatcher"),
    "report_done": pgettext_lazy("step", "Reported as fixed"),
    "check": pgettext_lazy("step", "Checked: fixed"),
    "send_back": pgettext_lazy("step", "Checked: not fixed, sent back"),
    "close": pgettext_lazy("step", "Closed"),
    Remark.OPENED.value: pgettext_lazy("step", "Case opened"),
    Remark.MERGED.value: pgettext_lazy("step", "Another report joined"),
    Remark.LEVEL_RAISED.value: pgettext_lazy("step", "Level raised"),
    Remark.SENSOR_RECOVERED.value: pgettext_lazy("step", "Sensor back to normal"),
    Remark.SENSOR_STILL_OVER.value: pgettext_lazy("step", "Closed while the sensor was still over its mark"),
}
ICONS: Final = {
    "accept": "check", "reject": "circle-x", "file": "file-text", "dispatch": "send",
    "return_to_dispatcher": "arrow-back-up", "report_done": "tool", "check": "circle-check",
    "send_back": "arrow-back-up", "close": "circle-check", Remark.OPENED.value: "message-report",
    Remark.MERGED.value: "git-merge", Remark.LEVEL_RAISED.value: "alert-triangle",
    Remark.SENSOR_RECOVERED.value: "activity", Remark.SENSOR_STILL_OVER.value: "activity",
}
SOURCES: Final = {
    "sensor": pgettext_lazy("source", "Sensor"),
    "grid": pgettext_lazy("source", "Grid worker"),
    "resident": pgettext_lazy("source", "Resident"),
}
ROUTES: Final = {
    RouteRule.COMPONENT.value: pgettext_lazy("route", "It maintains this component."),
    RouteRule.NEARBY_COMPONENT.value: pgettext_lazy("route", "It maintains the nearest component of this kind."),
    RouteRule.GRID_DUTY.value: pgettext_lazy("route", "It is on duty for this grid."),
    RouteRule.FALLBACK.value: pgettext_lazy("route", "It takes what nobody else is answerable for."),
}
ROLES: Final = {  # what is said at the foot of a case: who you are here
    "acceptor": pgettext_lazy("you are", "You are the acceptor."),
    "dispatcher": pgettext_lazy("you are", "You are the dispatcher."),
    "unit": pgettext_lazy("you are", "You are the handling unit."),
    "checker": pgettext_lazy("you are", "You are the checker."),
}
PUBLIC_STEPS: Final = {  # the same steps, as their reporter reads them
    "opened": pgettext_lazy("public step", "We received it"),
    "merged": pgettext_lazy("public step", "Another report of the same matter joined"),
    "accept": pgettext_lazy("public step", "Accepted"),
    "reject": pgettext_lazy("public step", "Not taken on"),
    "file": pgettext_lazy("public step", "Found to be so, filed"),
    "dispatch": pgettext_lazy("public step", "A unit was sent"),
    "return_to_dispatcher": pgettext_lazy("public step", "The unit handed it back, another one is chosen"),
    "report_done": pgettext_lazy("public step", "Reported as fixed"),
    "check": pgettext_lazy("public step", "Somebody else looked: it is fixed"),
    "send_back": pgettext_lazy("public step", "Somebody else looked: not fixed yet, sent back"),
    "close": pgettext_lazy("public step", "Closed"),
}
STANDS: Final = {  # where a reported matter stands, in one sentence for its reporter
    "reported": pgettext_lazy("stands", "Received, waiting for somebody to look at it"),
    "accepted": pgettext_lazy("stands", "Accepted, its filing is being decided"),
    "filed": pgettext_lazy("stands", "Filed, a unit is being chosen"),
    "dispatched": pgettext_lazy("stands", "A unit is on it"),
    "handled": pgettext_lazy("stands", "Reported as fixed, waiting to be checked on site"),
    "checked": pgettext_lazy("stands", "Checked: it is fixed"),
    "closed": pgettext_lazy("stands", "Fixed, checked and closed"),
    "void": pgettext_lazy("stands", "Not taken on"),
}
WAITS: Final = {
    "reported": pgettext_lazy("waits", "Waiting to be accepted"),
    "accepted": pgettext_lazy("waits", "Waiting to be filed"),
    "filed": pgettext_lazy("waits", "Waiting to be dispatched"),
    "dispatched": pgettext_lazy("waits", "The unit is on it"),
    "handled": pgettext_lazy("waits", "Waiting to be checked by somebody else"),
    "checked": pgettext_lazy("waits", "Waiting to be closed"),
    "closed": pgettext_lazy("waits", "Closed"),
    "void": pgettext_lazy("waits", "Not taken on"),
}


def sources(counts: Mapping[str, int]) -> str:
    """Return who reported, such as `居民 2、网格员`, in the order sensor, grid worker, resident."""
    parts = [f"{word} {counts[code]}" if counts[code] > 1 else str(word)
             for code, word in SOURCES.items() if counts.get(code)]
    return pgettext("list", ", ").join(parts)
