from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from psycopg.sql import SQL, Identifier

from linli.audit import actions as audit
from linli.changes.actions.sets import change
from linli.changes.domain.register import Register, registers_of
from linli.changes.domain.source import Source
from linli.changes.models import ChangeSet
from linli.changes.queries.difference import written
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, NotAllowedNow, NotFound

_SELF: Final = Actor.system("changes")
_NAMED: Final = 5
_IDS: Final = """
    (SELECT id FROM {table} WHERE set_id = %(set)s
     UNION SELECT id FROM {twin} WHERE set_id = %(set)s UNION SELECT id FROM {twin} WHERE until_id = %(set)s)
"""
_LOCK: Final = "SELECT id FROM {table} WHERE id IN " + _IDS + " ORDER BY id FOR UPDATE"  # noqa: S608  of this room
_AREAS: Final = """
    SELECT DISTINCT coalesce({area}, '') FROM {table} r WHERE r.set_id = %(set)s
    UNION SELECT DISTINCT coalesce({area}, '') FROM {twin} r WHERE r.set_id = %(set)s
    UNION SELECT DISTINCT coalesce({area}, '') FROM {twin} r WHERE r.until_id = %(set)s
"""
_LATER: Final = "WITH ids AS MATERIALIZED " + _IDS + """
    SELECT DISTINCT name FROM (
      SELECT {named} AS name FROM {table} r JOIN ids USING (id) JOIN changes_changeset s ON s.id = r.set_id
        WHERE s.at > %(at)s
      UNION ALL
      SELECT {named} FROM {twin} r JOIN ids USING (id) JOIN changes_changeset s ON s.id = r.until_id
        WHERE s.at > %(at)s) later ORDER BY name
"""  # noqa: S608
_TAKE_OUT: Final = """
    DELETE FROM {table} r WHERE r.set_id = %(set)s
      AND NOT EXISTS (SELECT FROM {twin} h WHERE h.id = r.id AND h.until_id = %(set)s)
"""
_COLUMNS: Final = """
    SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
      AND attgenerated = '' AND attname NOT IN ('id', 'set_id') ORDER BY attnum
"""


def undo(number: int, reason: str, *, actor: Actor) -> int:
    """Take a change set back as a whole, in a set of its own (撤销变更集); return that set's id.

    Undoing the undo does it again. Nothing is taken back in part: if a later set changed one of
    the same rows, or something needs a row that would go, nothing happens.

    Raises: NotFound; NotPermitted from the room whose rows they are; NotAllowedNow for what stood there when
        history began; Conflict, with the names of rows, as said above.
    """
    try:
        with transaction.atomic(), audit.acting(_SELF):
            undoing = _undo(number, reason, actor)
            connection.check_constraints()
            audit.record("changes.undo", actor=actor, target=f"change:{number}", by=undoing)
            return undoing
    except IntegrityError as refused:
        raise Conflict("changes.still_needed", "This cannot be taken back, for other records stand on it: {detail}",
                       detail=_detail(refused)) from refused


def _undo(number: int, reason: str, actor: Actor) -> int:
    original = ChangeSet.objects.select_for_update().filter(pk=number, at__isnull=False).first()
    if original is None:
        raise NotFound("changes.no_such_set", "There is no such change.")
    if original.source == Source.FOUNDING:
        raise NotAllowedNow("changes.founding", "What stood here when history began cannot be taken back.")
    registers = registers_of(original.touched)
    for register in registers:
        _each(_LOCK, register, set=number)
        register.require(actor, {area for (area,) in _each(_AREAS, register, set=number)})
    _refuse_later(original, registers)
    with change(reason, actor=actor, source=Source.UNDO, undoes=number) as undoing:
        for register in registers:
            _each(_TAKE_OUT, register, set=number)
        for register in registers:
            _put_back(register, number)
    return undoing


def _refuse_later(original: ChangeSet, registers: Sequence[Register]) -> None:
    later = [name for register in registers
             for (name,) in _each(_LATER, register, set=original.pk, at=original.at)]
    if later:
        raise Conflict("changes.changed_since", "{count} of these records were changed since: {names}. Undo the later"
                       " changes first.", count=len(later), names="、".join(later[:_NAMED]))


def _put_back(register: Register, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [register.table])
        columns = [Identifier(name) for (name,) in cursor.fetchall()]
        table, twin = Identifier(register.table), Identifier(f"{register.table}_history")
        cursor.execute(SQL("UPDATE {table} r SET {pairs} FROM {twin} h WHERE h.until_id = %s AND r.id = h.id").format(
            table=table, twin=twin, pairs=SQL(", ").join(SQL("{c} = h.{c}").format(c=c) for c in columns)), [number])
        cursor.execute(SQL("INSERT INTO {table} (id, {columns}) SELECT id, {columns} FROM {twin} h"
                           " WHERE h.until_id = %s AND NOT EXISTS (SELECT FROM {table} r WHERE r.id = h.id)").format(
            table=table, twin=twin, columns=SQL(", ").join(columns)), [number])


def _each(sql: str, register: Register, **given: int | datetime | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(written(sql, register), given)
        return list(cursor.fetchall()) if cursor.description else []


def _detail(refused: IntegrityError) -> str:
    diagnosis = getattr(refused.__cause__, "diag", None)
    return (diagnosis and (diagnosis.message_detail or diagnosis.message_primary)) or str(refused)
