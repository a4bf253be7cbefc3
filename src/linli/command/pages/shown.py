"""What the templates of the board are given (页面数据)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases.domain.workflow import State
from linli.cases.queries import limit_words
from linli.command.domain import past
from linli.command.domain.figures import LEVELS, STATES
from linli.command.domain.past import Bin
from linli.command.domain.stream import Group, Row
from linli.command.pages.asked import Asked
from linli.command.queries.figures import Figures
from linli.metrics.queries import Part
from linli.sensing.domain.value import written
from linli.web.templatetags.linli import level_word

BAR_PX: Final = 10
TALLEST_PX: Final = 24
GROUP_WORDS: Final = {
    Group.WAITING: _("Waits for you"),
    Group.UNDERWAY: _("Somebody is on it"),
    Group.WATCHED: _("Watched, no case"),
    Group.ENDED: _("Just ended"),
}
STATE_WORDS: Final = {
    State.REPORTED: pgettext_lazy("waiting for", "Accept"),
    State.ACCEPTED: pgettext_lazy("waiting for", "File"),
    State.VERIFYING: pgettext_lazy("waiting for", "Verify"),
    State.FILED: pgettext_lazy("waiting for", "Dispatch"),
    State.DISPATCHED: pgettext_lazy("waiting for", "Handle"),
    State.HANDLED: pgettext_lazy("waiting for", "Check"),
    State.CHECKED: pgettext_lazy("waiting for", "Close"),
}
CHOICE_WORDS: Final = {
    "alerts": _("Open alerts"),
    "cases": _("Open cases"),
    "late": _("Over the limit"),
    "near": _("Past 80 % of the limit"),
}
PART_WORDS: Final = {
    "alerts": _("Alerts"),
    "ingest": _("Device readings"),
    "live": _("Live events"),
    "nats": _("Message server"),
    "worker": _("Deliveries"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the template shows it (一行): title, value, second line, age, mark on the map."""

    row: Row
    title: str
    value: str
    second: str
    age_s: float
    pin: str
    chosen: bool
    fresh: bool
    late: bool
    limit: str

    @property
    def path(self) -> str:
        """Return the chain's name as it stands in an address."""
        return self.row.key.replace(":", "/")


def line(row: Row, asked: Asked, now: datetime) -> Line:
    """Return how a row is shown to this reader."""
    open_alert = next((alert for alert in row.alerts if alert.cleared_at is None), None)
    return Line(
        row, title(row), value(row), _second(row), (now - row.since).total_seconds(),
        f"alert:{open_alert.id}" if open_alert else row.key, is_chosen(row, asked),
        asked.since is not None and row.appeared_at > asked.since, row.case is not None and row.case.is_late(now),
        limit_words(row.case.limit) if row.case else "",
    )


def title(row: Row) -> str:
    """Return what a row says first (标题): what happened; without an alert the case's kind."""
    if row.alert:
        return row.alert.rule_name
    return row.case.category if row.case else ""


def value(row: Row) -> str:
    """Return how far it went, in its unit (数值); a value without a unit, such as 1 for open, says nothing more."""
    if row.alert is None or not row.alert.unit_of_measurement:
        return ""
    return f"{written(row.alert.told_value)} {row.alert.unit_of_measurement}"


def is_chosen(row: Row, asked: Asked) -> bool:
    """Return whether the chain that is open is this row's."""
    return asked.key in {row.key, *(f"alert:{alert.id}" for alert in row.alerts)}


def _second(row: Row) -> str:
    where = row.alert.thing_name if row.alert else row.case.place if row.case else ""
    who = (row.case.unit or row.case.number) if row.case else row.alert.thing_code if row.alert else ""
    return " · ".join(part for part in (where, who) if part)


def lines(rows: Iterable[Row], asked: Asked, now: datetime) -> list[Line]:
    """Return how rows are shown to this reader."""
    return [line(row, asked, now) for row in rows]


def heading(name: str) -> str:
    """Return a choice in words (筛选名称)."""
    if name in CHOICE_WORDS:
        return str(CHOICE_WORDS[name])
    return str(STATE_WORDS[State(name)]) if name in set(State) else level_word(name)


def tallies(figures: Figures) -> dict[str, Any]:
    """Return the numbers by level and by stage, each with the name of the rows that it opens."""
    counts = figures.counts
    return {
        "by_level": [(level, level.word, counts[level.word]) for level in LEVELS],
        "by_state": [(state.value, STATE_WORDS[state], counts[state.value]) for state in STATES],
        "most": max(counts[state.value] for state in STATES),
    }


def scale(trace: Sequence[Bin], now: datetime) -> dict[str, Any]:
    """Return the time scale (时间轴): its ends, and a bar for each half hour in which alerts began."""
    last = past.newest(now)
    first, most = last - past.REACH, max((each.count for each in trace), default=0)
    drawn = [((each.begins_at - first) / past.BIN * BAR_PX, TALLEST_PX * (1 - each.count / most), each.worst)
             for each in trace if each.count]
    return {"first": first, "last": last, "step": past.STEP, "bars": drawn, "width": past.REACH / past.BIN * BAR_PX,
            "bar": BAR_PX - 1, "height": TALLEST_PX, "count": sum(each.count for each in trace)}


def feeds(parts: Iterable[Part]) -> dict[str, Any]:
    """Return how Linli's own feeds stand (数据来路): how many are well, and those that are behind or silent."""
    known = [(PART_WORDS.get(part.part, part.part), part) for part in parts]
    return {"whole": len(known), "well": sum(part.ready for _word, part in known),
            "late": [(word, max(part.lag_s, part.silent_s)) for word, part in known if not part.ready]}

