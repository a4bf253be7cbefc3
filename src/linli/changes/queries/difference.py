"""What a change set changed (变更对比), as far as the open scope sees the rows."""

import json
from typing import Any, Final

from django.db import connection
from psycopg.sql import SQL, Composed, Identifier

from linli.changes.domain.difference import RowChange, compared
from linli.changes.domain.register import Register, registers_of
from linli.changes.models import ChangeSet

# Rows as the set found them, and as it left them: there still, or gone to the twin by a later set.
_IMAGES: Final = """
    WITH found AS (SELECT r.id, to_jsonb(r) AS was, {named} AS name FROM {twin} r WHERE r.until_id = %(set)s),
         made AS (SELECT r.id, to_jsonb(r) AS became, {named} AS name FROM {table} r WHERE r.set_id = %(set)s
                  UNION ALL
                  SELECT r.id, to_jsonb(r), {named} FROM {twin} r WHERE r.set_id = %(set)s)
"""
_ROWS: Final = _IMAGES + """
    SELECT id, coalesce(made.name, found.name), was, became FROM found FULL JOIN made USING (id)
    ORDER BY id LIMIT %(most)s OFFSET %(skip)s
"""  # noqa: S608  phrases of this room
_COUNT: Final = """
    SELECT count(DISTINCT id) FROM (SELECT id FROM {twin} WHERE %(set)s IN (until_id, set_id)
                                    UNION ALL SELECT id FROM {table} WHERE set_id = %(set)s) ids
"""


def written(sql: str, register: Register) -> Composed:
    """Return `sql` with a register's table, twin and phrases in it."""
    return SQL(sql).format(  # type: ignore[arg-type]  # the text is one of this room's own
        table=Identifier(register.table), twin=Identifier(f"{register.table}_history"),
        named=SQL(register.named), area=SQL(register.area))  # type: ignore[arg-type]


def count_rows(number: int) -> dict[str, int]:
    """Return how many rows a set changed, by table, of those that the open scope sees."""
    return {register.table: _rows(_COUNT, register, set=number)[0][0] for register in _registers(number)}


def differences(number: int, *, most: int = 100, skip: int = 0) -> list[RowChange]:
    """Return row by row what a set changed (变更对比): per table at most `most` rows after the first `skip`."""
    changes = []
    for register in _registers(number):
        for key, name, was, became in _rows(_ROWS, register, set=number, most=most, skip=skip):
            deed, fields = compared(was and json.loads(was), became and json.loads(became), tuple(register.fields))
            changes.append(RowChange(register.table, key, name, deed, fields))
    return changes


def _registers(number: int) -> list[Register]:
    touched = ChangeSet.objects.filter(pk=number).exclude(source="founding").values_list("touched", flat=True).first()
    return registers_of(touched or [])


def _rows(sql: str, register: Register, **given: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(written(sql, register), given)
        return list(cursor.fetchall())
