from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Case as Choice
from django.db.models import Count, DateTimeField, Func, Max, Q, QuerySet, Value, When

from linli.alerts import policy as alerts
from linli.alerts import queries as alert_facts
from linli.cases import policy as cases
from linli.cases import queries as case_facts
from linli.command.domain.past import BIN, REACH, Bin, Past, bins
from linli.command.domain.stream import AlertLine, CaseLine
from linli.command.queries.lines import alert_columns, alert_of, case_columns, case_of
from linli.kernel.actor import Actor
from linli.kernel.level import Level

MOST: Final = 2000
EPOCH: Final = datetime.fromtimestamp(0, UTC)
_THEN: Final = ("state", "unit", "level", "filed", "handled", "near", "due", "reports")
_PEAK: Final = Choice(*(When(peak_level=level.word, then=Value(level.value)) for level in Level))


def past(actor: Actor, at: datetime) -> Past:
    """Return the alerts and cases that were open at `at` and are in this actor's sight (彼时看板)."""
    found = alerts_then(alerts.visible_alerts(actor), at)
    seen = cases_then(cases.visible_cases(actor), at)
    return Past(at=at, alerts=found[:MOST], cases=seen[:MOST], more=len(found) > MOST or len(seen) > MOST)


def alerts_then(found: "QuerySet[Any]", at: datetime) -> list[AlertLine]:
    """Return alerts as they were, worst first; the peak is of later knowledge, so it is the level of then."""
    lines = alert_facts.open_at(found, at).order_by("-level_then", "-noticed_at", "-pk").values(
        *alert_columns(), "level_then", "value_then")[: MOST + 1]
    return [_alert(line) for line in lines]


def cases_then(found: "QuerySet[Any]", at: datetime) -> list[CaseLine]:
    """Return cases as they were, in the order in which they were opened."""
    lines = case_facts.open_at(found, at).order_by("opened_at", "pk").values(
        *case_columns(), *(f"{name}_then" for name in _THEN))[: MOST + 1]
    return [_case(line) for line in lines]


def trace(actor: Actor, now: datetime) -> list[Bin]:
    """Return how many alerts began in each half hour of the last day, and the worst of them (预警走势)."""
    half = Func(Value(BIN), "noticed_at", Value(EPOCH), function="date_bin", output_field=DateTimeField())
    found = alerts.visible_alerts(actor).filter(Q(noticed_at__gt=now - REACH, noticed_at__lte=now)).annotate(half=half)
    counted = found.order_by().values("half").annotate(n=Count("pk"), worst=Max(_PEAK))
    return bins([Bin(row["half"], row["n"], Level(row["worst"])) for row in counted], now)


def _alert(line: dict[str, Any]) -> AlertLine:
    level, value = Level(line.pop("level_then")).word, line.pop("value_then")
    return alert_of({**line, "level": level, "peak_level": level, "value": value, "peak_value": value,
                     "cleared_at": None})


def _case(line: dict[str, Any]) -> CaseLine:
    then = {name: line.pop(f"{name}_then") for name in _THEN}
    return case_of({**line, "state": then["state"], "unit__name": then["unit"], "level": then["level"],
                    "filed_at": then["filed"], "handled_at": then["handled"], "near_at": then["near"],
                    "due_at": then["due"], "report_count": then["reports"] or 1, "closed_at": None,
                    "waiting": False})
