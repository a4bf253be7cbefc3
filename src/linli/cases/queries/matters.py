"""Cases that were found to be one matter (并案关系): which case stands for it, and which rest in it."""

from collections.abc import Collection
from typing import Final

from django.db import connection
from django.db.models.expressions import RawSQL

from linli.cases.models import Case

_UP: Final = """
WITH RECURSIVE up (start, id, merged_into_id) AS (
  SELECT id, id, merged_into_id FROM cases_case WHERE id = ANY (%s)
  UNION ALL SELECT up.start, c.id, c.merged_into_id FROM up JOIN cases_case c ON c.id = up.merged_into_id)
SELECT start, id FROM up WHERE merged_into_id IS NULL
"""
_DOWN: Final = """
WITH RECURSIVE down (id) AS (
  SELECT %s::bigint UNION ALL SELECT c.id FROM down JOIN cases_case c ON c.merged_into_id = down.id)
SELECT id FROM down
"""


def roots_of(case_ids: Collection[int]) -> dict[int, int]:
    """Return for each case the one that stands for its matter (主案), itself where it is not merged.

    Sees what the open scope sees.
    """
    if not case_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_UP, [list(case_ids)])
        return dict(cursor.fetchall())


def root_of(case_id: int) -> int:
    """Return the case that stands for this one's matter (主案)."""
    return roots_of([case_id])[case_id]


def main_of(case: Case) -> int:
    """Return the case that stands for a case's matter (主案), without a query where it stands for it itself."""
    return case.pk if case.merged_into_id is None else root_of(case.pk)


def family(case_id: int) -> RawSQL:
    """Return, for `…__in`, a case and all that rest in it (并入的案件), as far as the open scope sees them."""
    return RawSQL(_DOWN, [case_id])  # noqa: S611  # the text is ours, the number is a parameter
