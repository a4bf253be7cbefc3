"""Change sets as plain values (变更集名片)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from psycopg.sql import SQL, Identifier

from linli.changes.models import ChangeSet

_OF_ROW: Final = """
    SELECT set_id FROM {table} WHERE id = %(id)s
    UNION SELECT set_id FROM {twin} WHERE id = %(id)s UNION SELECT until_id FROM {twin} WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class SetCard:
    """A change set (变更集): who, when, why; by which set it was undone, which it undoes."""

    id: int
    at: datetime
    actor: str
    reason: str
    source: str
    undoes: int | None
    undone_by: int | None


def card(number: int) -> SetCard | None:
    """Return a closed change set, None if there is none of this number; it tells nothing of the rows."""
    return next(iter(_cards([number])), None)


def sets_of_row(table: str, row_id: int) -> list[SetCard]:
    """Return the sets that changed a row of a versioned table, newest first, as far as the open scope sees it."""
    with connection.cursor() as cursor:
        cursor.execute(SQL(_OF_ROW).format(table=Identifier(table), twin=Identifier(f"{table}_history")),
                       {"id": row_id})
        return _cards([number for (number,) in cursor.fetchall()])


def _cards(numbers: list[int]) -> list[SetCard]:
    rows = ChangeSet.objects.filter(pk__in=numbers, at__isnull=False).order_by("-at")
    return [SetCard(*row) for row in rows.values_list("id", "at", "actor", "reason", "source", "undoes_id",
                                                      "undone_by__id")]
