from django.db.models import QuerySet

from linli.cases.models import Category, Condition


def categories(*, quick: bool = False) -> QuerySet[Category]:
    """Return the categories one can report (可报类别), as shipped; `quick` = those of the first choice only."""
    rows = Category.objects.filter(active=True).order_by("pk")
    return rows.filter(quick_pick=True) if quick else rows


def category_names() -> dict[str, str]:
    """Return the names of all categories by code, in the reader's language (类别名称)."""
    return {category.code: category.name for category in Category.objects.order_by("pk")}


def conditions_of(category_id: int) -> QuerySet[Condition]:
    """Return the filing conditions of a category (立案条件), in the shipped order."""
    return Condition.objects.filter(category_id=category_id, active=True).order_by("pk")
