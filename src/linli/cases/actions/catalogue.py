from django.db import transaction

from linli.audit import actions as audit
from linli.cases.models import Category, Condition
from linli.kernel import presets
from linli.kernel.actor import Actor


@transaction.atomic
def load_catalogue() -> int:
    """Enter the shipped categories and filing conditions that are not there yet; return how many (装入类别与立案条件).

    What the deploying city has changed is left as it is.
    """
    known = set(Category.objects.values_list("code", flat=True)) | set(Condition.objects.values_list("code", flat=True))
    categories = [Category(**row) for row in presets.read("categories") if row["code"] not in known]
    Category.objects.bulk_create(categories, ignore_conflicts=True)
    by_code = {category.code: category for category in Category.objects.all()}
    conditions = [Condition(**{**row, "category": by_code[row["category"]]})
                  for row in presets.read("conditions") if row["code"] not in known]
    Condition.objects.bulk_create(conditions, ignore_conflicts=True)
    if fresh := len(categories) + len(conditions):
        audit.record("cases.load_catalogue", actor=Actor.system("cases"), target="cases:catalogue",
                     categories=len(categories), conditions=len(conditions))
        return fresh
    return 0
