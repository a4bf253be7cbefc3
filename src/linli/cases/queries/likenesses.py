from linli.cases.models import Likeness, LikenessQuerySet
from linli.kernel.actor import Actor


def likenesses_for(actor: Actor, case_id: int | None = None) -> LikenessQuerySet:
    """Return what this acceptor is asked (疑似同一案件): of one case or of all, the most urgent and likeliest first."""
    rows = Likeness.objects.asked().for_acceptor(actor)
    if case_id is not None:
        rows = rows.of_case(case_id)
    return rows.select_related("case__category", "other__category").order_by(
        "-case__level_rank", "-score", "asked_at", "pk")
