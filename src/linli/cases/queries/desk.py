from collections.abc import Sequence

from django.db.models import Count, Q

from linli.cases.models import Case, CaseQuerySet, CaseReport
from linli.kernel.actor import Actor


def sources_of(cases: Sequence[Case]) -> dict[int, dict[str, int]]:
    """Return for each case how many reports came from which source (来报来源), by one query."""
    rows = CaseReport.objects.filter(case__in=[case.pk for case in cases]).values("case_id", "source")
    found: dict[int, dict[str, int]] = {case.pk: {} for case in cases}
    for row in rows.annotate(how_many=Count("pk")):
        found[row["case_id"]][row["source"]] = row["how_many"]
    return found


def search(actor: Actor, words: str) -> CaseQuerySet:
    """Return the cases this actor sees whose number, place, category or component these words name, newest first."""
    found = Q(number__icontains=words) | Q(place__icontains=words) | Q(category__name_zh__icontains=words)
    found |= Q(category__name_en__icontains=words) | Q(component__code=words)
    return Case.objects.visible_to(actor).with_facts().filter(found).order_by("-opened_at", "-pk")
