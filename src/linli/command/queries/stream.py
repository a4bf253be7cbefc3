from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from linli.alerts import policy as alerts
from linli.cases import policy as cases
from linli.command.domain.figures import Choice, Kind
from linli.command.domain.stream import Group, Row, grouped, rows
from linli.command.queries import choice
from linli.command.queries.lines import alert_lines, case_lines
from linli.command.queries.past import past
from linli.kernel.actor import Actor

MOST: Final = 100
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Stream:
    """What the left column shows (事件流): rows under their headings, as they stood at `at`.

    `more` = there are rows beyond those shown; the lists of alerts and of cases have all of them.
    """

    groups: dict[Group, list[Row]]
    at: datetime
    more: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the rows that a figure opens (数字背后的行)."""

    rows: list[Row]
    number: int
    has_next: bool


def stream(actor: Actor, *, now: datetime, looks_back: bool = False) -> Stream:
    """Return the alerts and cases that are open, or ended within the hour, merged by their chain.

    Looking back, `now` is the moment shown: then what was open, waiting for nobody.
    """
    if looks_back:
        then = past(actor, now)
        return Stream(grouped(then.rows[:MOST]), now, then.more or len(then.rows) > MOST)
    wanted = choice.OPEN_ALERT | choice.ended_lately("cleared_at", now)
    found = alert_lines(alerts.visible_alerts(actor).filter(wanted), most=MOST + 1)
    theirs = [alert.case_id for alert in found if alert.case_id and alert.cleared_at is None]
    wanted = choice.OPEN_CASE | choice.ended_lately("closed_at", now) | Q(pk__in=theirs)
    seen = case_lines(cases.visible_cases(actor).filter(wanted), actor, now=now, most=MOST + 1)
    return Stream(grouped(rows(seen[:MOST], found[:MOST])), now, len(found) > MOST or len(seen) > MOST)


def chosen_rows(actor: Actor, wanted: Choice, number: int, *, now: datetime, looks_back: bool = False) -> Page:
    """Return one page of the rows of a choice.

    Here every alert is a row of its own, so that the list has as many rows as the figure says.
    """
    first = (number - 1) * PAGE
    if looks_back:
        found = past(actor, now).chosen(wanted)[first : first + PAGE + 1]
        return Page(found[:PAGE], number, len(found) > PAGE)
    if wanted.kind is Kind.ALERT:
        found = _alert_rows(actor, choice.chosen(wanted, now), first, now)
    else:
        of_choice = cases.visible_cases(actor).filter(choice.chosen(wanted, now))
        found = rows(case_lines(of_choice, actor, now=now, first=first, most=PAGE + 1), ())
    return Page(found[:PAGE], number, len(found) > PAGE)


def _alert_rows(actor: Actor, wanted: Q, first: int, now: datetime) -> list[Row]:
    of_choice = alerts.visible_alerts(actor).filter(wanted)
    found = alert_lines(of_choice, first=first, most=PAGE + 1)
    theirs = cases.visible_cases(actor).filter(pk__in=[alert.case_id for alert in found if alert.case_id])
    known = {line.id: line for line in case_lines(theirs, actor, now=now, most=PAGE + 1)}
    return [Row(known.get(alert.case_id or 0), (alert,)) for alert in found]
