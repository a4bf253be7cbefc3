from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, QuerySet
from django.utils.translation import get_language

from linli.cases.domain.limits import Limit, LimitUnit
from linli.command.domain.stream import AlertLine, CaseLine
from linli.command.queries import choice
from linli.kernel.actor import Actor
from linli.kernel.level import Level


def case_lines(found: "QuerySet[Any]", actor: Actor, *, now: datetime, first: int = 0, most: int) -> list[CaseLine]:
    """Return `most` of the cases `found` as lines of the stream, the most urgent first, in one query."""
    waits = ExpressionWrapper(choice.waiting(actor, now), output_field=BooleanField())
    lines = found.annotate(waiting=waits).order_by(
        F("level_rank").desc(), F("due_at").asc(nulls_last=True), "opened_at", "pk"
    ).values(*case_columns(), "waiting")
    return [case_of(line) for line in lines[first : first + most]]


def alert_lines(found: "QuerySet[Any]", *, first: int = 0, most: int) -> list[AlertLine]:
    """Return `most` of the alerts `found` as lines of the stream, open and severe first, in one query."""
    lines = found.order_by(F("level_rank").desc(), "-noticed_at", "-pk").values(*alert_columns())
    return [alert_of(line) for line in lines[first : first + most]]


def case_columns() -> tuple[str, ...]:
    """Return what a line of a case is made of, its kind in the reader's language."""
    return ("id", "number", _category(), "title", "place", "unit__name", "level", "state", "lon", "lat", "opened_at",
            "filed_at", "near_at", "due_at", "handled_at", "closed_at", "limit_amount", "limit_unit", "report_count")


def alert_columns() -> tuple[str, ...]:
    """Return what a line of an alert is made of, its rule in the reader's language."""
    return ("id", "thing_code", "thing_name", _rule_name(), "metric", "value", "peak_value", "unit_of_measurement",
            "level", "peak_level", "lon", "lat", "raised_at", "noticed_at", "cleared_at", "case_id", "members")


def _reads_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _category() -> str:
    return "category__name_zh" if _reads_chinese() else "category__name_en"


def _rule_name() -> str:
    return "rule_name" if _reads_chinese() else "rule_name_en"


def case_of(line: dict[str, Any]) -> CaseLine:
    """Return a line made of `case_columns` and whether it waits for the reader."""
    category = line.pop(_category())
    amount, unit = line.pop("limit_amount"), line.pop("limit_unit")
    return CaseLine(
        category=category, limit=Limit(amount, LimitUnit(unit)) if amount else None, unit=line.pop("unit__name") or "",
        level=Level.from_word(line.pop("level")), ended_at=line.pop("closed_at"), reports=line.pop("report_count"),
        **line,
    )


def alert_of(line: dict[str, Any]) -> AlertLine:
    """Return a line made of `alert_columns`."""
    rule_name = line.pop(_rule_name())
    return AlertLine(
        rule_name=rule_name, level=Level.from_word(line.pop("level")),
        peak_level=Level.from_word(line.pop("peak_level")), **line,
    )
