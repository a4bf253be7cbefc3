from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from linli.alerts import policy as alerts
from linli.cases import policy as cases
from linli.command.domain.figures import CHOICES, Kind
from linli.command.domain.past import Past
from linli.command.queries import choice
from linli.command.queries.past import past
from linli.kernel.actor import Actor
from linli.sensing import policy as things
from linli.sensing import queries as sensing
from linli.sensing.queries import Heard


@dataclass(frozen=True, slots=True)
class Figures:
    """The board's numbers (看板数字) as they stood at `at`: for each choice how many rows it has.

    `most_late_s` = how far the oldest late case is over its limit, None if none is late; `devices` None = how many
    were heard of at that moment is not kept.
    """

    at: datetime
    counts: dict[str, int]
    most_late_s: float | None
    devices: Heard | None


def figures(actor: Actor, *, now: datetime, looks_back: bool = False) -> Figures:
    """Return the board's numbers (看板数字), each counted by the condition by which its list is filtered."""
    if looks_back:
        return _figures_then(past(actor, now))
    of_alerts = _count(alerts.visible_alerts(actor), Kind.ALERT, now, alone=_alone(actor))
    of_cases = _count(cases.visible_cases(actor), Kind.CASE, now, waiting=choice.waiting(actor, now))
    oldest = of_cases.pop("oldest_late")
    counts = {**of_alerts, **of_cases, "all": of_alerts["alone"] + of_cases["cases"]}
    heard = sensing.heard_of(things.visible_things(actor), now=now)
    return Figures(now, counts, (now - oldest).total_seconds() if oldest else None, heard)


def _figures_then(then: Past) -> Figures:
    late = [case.due_at for case in then.cases if case.due_at and case.is_late(then.at)]
    return Figures(then.at, {**then.counts(), "all": len(then.rows)},
                   (then.at - min(late)).total_seconds() if late else None, None)


def _alone(actor: Actor) -> Q:
    seen = cases.visible_cases(actor).filter(choice.OPEN_CASE).values("pk")
    return choice.OPEN_ALERT & (Q(case_id=None) | ~Q(case_id__in=seen))


def _count(found: "QuerySet[Any]", kind: Kind, now: datetime, **more: Q) -> dict[str, Any]:
    wanted = {c.name: choice.chosen(c, now) for c in CHOICES.values() if c.kind is kind} | more
    counts = {name: Count("pk", filter=condition) for name, condition in wanted.items()}
    if kind is Kind.CASE:
        counts["oldest_late"] = Min("due_at", filter=choice.chosen(CHOICES["late"], now))
        found = found.filter(choice.OPEN_CASE)
    else:
        found = found.filter(choice.OPEN_ALERT)
    return found.aggregate(**counts)
