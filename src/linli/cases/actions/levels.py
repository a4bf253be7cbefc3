from linli.cases.models import Case, CaseReport
from linli.cases.queries.matters import family
from linli.kernel.level import Level


def settle(case: Case) -> None:
    """Let a case have the level of the reports that it still has (级别回落): the highest; the caller saves it."""
    words = CaseReport.objects.filter(case__in=family(case.pk)).values_list("level", flat=True).distinct()
    case.level = max((Level.from_word(word) for word in words), default=Level.NONE).word
