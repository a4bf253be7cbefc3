"""The card of one matter (链条卡片): its links, and the time that passed between them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from linli.cases.domain.workflow import State
from linli.cases.queries import limit_words
from linli.command.domain.chain import Chain, seconds_between
from linli.command.domain.stream import Row
from linli.command.pages.shown import title, value
from linli.kernel.level import Level
from linli.sensing.domain.value import written
from linli.web.templatetags.words import span

PRECISE_BELOW_S: Final = 10.0
SHORTEST_S: Final = 0.1
SENT: Final = frozenset({State.DISPATCHED, State.HANDLED, State.CHECKED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Gaps:
    """The time from each link to the next, in words (用时); empty where one of the two has not happened."""

    to_alert: str
    to_case: str
    to_unit: str
    to_check: str


@dataclass(frozen=True, slots=True)
class Card:
    """What the card's template is given."""

    chain: Chain
    key: str
    title: str
    told: str
    value: str
    level: Level
    gaps: Gaps
    is_sent: bool
    runs: bool
    limit: str
    late: bool
    case_path: str
    thing_path: str

    @property
    def path(self) -> str:
        """Return the chain's name as it stands in an address."""
        return self.key.replace(":", "/")


def card(found: Chain, *, now: datetime, sees_thing: bool) -> Card:
    """Return how a chain is shown."""
    alert, case = found.alert, found.case
    row = Row(case, (alert,) if alert else ())
    moments = [alert.raised_at if alert else None, alert.noticed_at if alert else None,
               case.opened_at if case else None, found.dispatched_at, found.handled_at, found.checked_at]
    to_alert, to_case, to_unit, _handling, to_check = map(_words, seconds_between(moments))
    return Card(
        found, row.key, title(row), value(row), written(alert.told_value) if alert else "", row.level,
        Gaps(to_alert, to_case, to_unit, to_check), case is not None and case.state in SENT,
        case is not None and case.runs, limit_words(case.limit) if case else "", case is not None and case.is_late(now),
        f"/desk/cases/{case.id}" if case else "", f"/desk/things/{alert.thing_code}" if alert and sees_thing else "",
    )


def _words(seconds: float | None) -> str:
    """Return a length of time, with a decimal where the whole second would hide it.

    Nothing for what came before: a later alert joins a case that is there already.
    """
    if seconds is None or seconds < 0:
        return ""
    if seconds >= PRECISE_BELOW_S:
        return span(seconds)
    return gettext("{n} s").format(n=f"{seconds:.1f}" if seconds >= SHORTEST_S else f"<{SHORTEST_S}")
