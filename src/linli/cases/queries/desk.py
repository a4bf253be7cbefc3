from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from linli.calendar import queries as calendar
from linli.calendar.domain.days import WorkingDays
from linli.cases.models import Case, CaseQuerySet, CaseReport
from linli.kernel import clock
from linli.kernel.actor import Actor


def sources_of(cases: Sequence[Case]) -> dict[int, dict[str, int]]:
    """Return for each case how many reports came from which source (来报来源), by one query."""
    rows = CaseReport.objects.filter(case__in=[case.pk for case in cases]).values("case_id", "source")
    found: dict[int, dict[str, int]] = {case.pk: {} for case in cases}
    for row in rows.annotate(how_many=Count("pk")):
        found[row["case_id"]][row["source"]] = row["how_many"]
    return found


def used_shares(cases: Sequence[Case]) -> dict[int, float | None]:
    """Return for each case the share of its limit used by now, as its own clock counts (已用时限); None = unknown.

    By two queries, however many cases there are.
    """
    now, days = clock.now(), calendar.calendars_for({case.area_code for case in cases})
    return {case.pk: _used(case, now, days[case.area_code]) for case in cases}


def _used(case: Case, now: datetime, days: WorkingDays) -> float | None:
    running = case.clock
    share = running.used(case.handled_at or now, days) if running and case.due_at else None
    return None if share is None else min(1.0, float(share))


def search(actor: Actor, words: str) -> CaseQuerySet:
    """Return the cases this actor sees whose number, place, category or component these words name, newest first."""
    found = Q(number__icontains=words) | Q(place__icontains=words) | Q(category__name_zh__icontains=words)
    found |= Q(category__name_en__icontains=words) | Q(component__code=words)
    return Case.objects.visible_to(actor).with_facts().filter(found).order_by("-opened_at", "-pk")
