import math
from functools import cache
from typing import Final

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from linli.cases.domain.intake import Report
from linli.cases.domain.merging import REACH, Ask, Join, Kind, Open, OpenCase, judge
from linli.cases.domain.routing import RouteRule
from linli.cases.domain.weights import Weights
from linli.cases.domain.workflow import State
from linli.cases.models import Case, CaseReport, Category
from linli.kernel import presets

_DEGREE_M: Final = 111_000.0
COMPARED_AT_MOST: Final = 200
TEXTS_AT_MOST: Final = 4


@cache
def weights() -> Weights:
    """Return the shipped weights of the signs of one matter (并案权重)."""
    return Weights.of(presets.read("likeness"))


def find_matter(report: Report, category: Category, district: str) -> Join | Ask | Open:
    """Look among the open cases round a report for its matter (并案比对), within its own district only."""
    return judge(report, kind_of(category), _open_round(report, district), weights())


def kind_of(category: Category) -> Kind:
    """Return a category as merging compares it."""
    return Kind(category.code, category.group_zh, frozenset(category.component_classes))


def _open_round(report: Report, district: str) -> list[OpenCase]:
    reach = report.rule.merge_radius_m * REACH / _DEGREE_M * 1.01
    squeeze = max(math.cos(math.radians(report.where.lat)), 1e-6)
    near = Q(lat__range=(report.where.lat - reach, report.where.lat + reach),
             lon__range=(report.where.lon - reach / squeeze, report.where.lon + reach / squeeze))
    if report.component_id is not None:
        near |= Q(component_id=report.component_id)
    rows = (Case.objects.still_open().filter(near, area_code__startswith=district).select_related("category")
            .order_by("-last_seen_at", "-pk")[:COMPARED_AT_MOST])
    texts = _texts([row.pk for row in rows]) if report.text and rows else {}
    return [
        OpenCase(case_id=row.pk, kind=kind_of(row.category), where=row.where, component_id=row.component_id,
                 guessed=row.route_rule == RouteRule.NEARBY_COMPONENT.value, last_seen_at=row.last_seen_at,
                 state=State(row.state), texts=tuple(texts.get(row.pk, ())))
        for row in rows
    ]


def _texts(case_ids: list[int]) -> dict[int, list[str]]:
    """Return the latest words reported for each case, those of cases merged into it left aside."""
    numbered = CaseReport.objects.filter(case__in=case_ids).exclude(text="").annotate(
        nth=Window(RowNumber(), partition_by=F("case_id"), order_by=F("pk").desc()))
    found: dict[int, list[str]] = {}
    for case_id, text in numbered.filter(nth__lte=TEXTS_AT_MOST).values_list("case_id", "text"):
        found.setdefault(case_id, []).append(text)
    return found
