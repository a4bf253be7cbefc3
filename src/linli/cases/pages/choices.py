"""What can be chosen in the forms (可选项): categories, filing conditions, units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linli.cases import queries
from linli.cases.models import Case, Category
from linli.cases.models.words import limit_words
from linli.organisations import queries as organisations

OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories in use, those most often needed apart (常用类别)."""

    quick: Sequence[Category]
    more: Sequence[Category]

    def named(self, code: str) -> Category | None:
        """Return the category `code`, None if it is not in use."""
        return next((category for category in (*self.quick, *self.more) if category.code == code), None)


def categories(component_class: str = "") -> Categories:
    """Return the categories in use; those that fit the component's class come first (类别)."""
    known = list(queries.categories())
    fitting = [c for c in known if component_class and component_class in c.component_classes]
    quick = fitting or [c for c in known if c.quick_pick]
    quick += [c for c in known if c.code == OTHER and c not in quick]
    return Categories(quick, [c for c in known if c not in quick])


def conditions(case: Case) -> list[tuple[str, str]]:
    """Return code and words of the conditions on which this case may be filed, each with its limit (立案条件)."""
    return [(row.code, f"{row.text} · {limit_words(row.limit)}") for row in queries.conditions_of(case.category_id)]


def limit_of(category: Category) -> str:
    """Return the limit of a case of this category, "" where it depends on what is found (处置时限)."""
    limits = {limit_words(row.limit) for row in queries.conditions_of(category.pk)}
    return limits.pop() if len(limits) == 1 else ""


def units(case: Case) -> list[tuple[int, str]]:
    """Return id and name of the units of the case's district that can be given it (处置单位)."""
    return [(unit.id, unit.name) for unit in organisations.units_in(case.area_code[:6])]
