from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from linli.sensing.models import Rule


@dataclass(frozen=True, slots=True)
class Named:
    """What a metric and a rule are called in the reader's language (指标名、规则名)."""

    metric: str
    rule: str


def named(metric: str, rule: str) -> Named:
    """Return the names of a kit's metric and of a rule; a code without a name stands for itself."""
    name = "name_zh" if (get_language() or "zh").startswith("zh") else "name_en"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT {name} FROM sensing_kitmetric WHERE metric = %s ORDER BY id LIMIT 1),"  # noqa: S608
            f" (SELECT {name} FROM sensing_rule WHERE name = %s)",
            [metric, rule],
        )
        metric_name, rule_name = cursor.fetchone()
    return Named(metric_name or metric, rule_name or rule)


def rules(name: str = "") -> dict[str, Any]:
    """Return the rules' marks by name (规则), all of them or one."""
    found = Rule.objects.filter(name=name) if name else Rule.objects.all()
    return dict(found.order_by("name").values_list("name", "definition"))
