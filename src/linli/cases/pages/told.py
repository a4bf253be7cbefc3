"""What a report says, for a reader (来报的话): people's own words as they wrote them, a sensor's in words and units."""

from collections.abc import Callable, Sequence
from functools import cache

from django.utils.translation import pgettext

from linli.cases.queries import ReportLine
from linli.sensing.domain.value import written
from linli.sensing.queries import names
from linli.sensing.queries.names import Named

Namer = Callable[[str, str], Named]


def namer() -> Namer:
    """Return what tells the names of metrics and rules, for one page: each pair is asked for once."""
    return cache(names.named)


def told(report: ReportLine, named: Namer) -> str:
    """Return what one report says: 井盖传感器 0003：倾角 31.5 °（规则“井盖倾斜”）."""
    facts, value = report.facts, report.facts.get("value")
    if report.source != "sensor" or not isinstance(value, int | float):
        return report.text
    known = named(str(facts.get("metric", "")), str(facts.get("rule", "")))
    return pgettext("sensor's report", "{thing}: {metric} {value} (rule “{rule}”)").format(
        thing=facts.get("thing_name") or facts.get("thing", ""), metric=known.metric, rule=known.rule,
        value=f"{written(value)} {facts.get('unit') or ''}".strip())


def all_told(reports: Sequence[ReportLine], named: Namer) -> list[tuple[ReportLine, str]]:
    """Return each report with what it says."""
    return [(report, told(report, named)) for report in reports]


def quoted(reports: Sequence[ReportLine]) -> str:
    """Return what the first report says that says anything, people before sensors; "" if none does."""
    saying = sorted((report for report in reports if report.text), key=lambda report: report.source == "sensor")
    return told(saying[0], namer()) if saying else ""
