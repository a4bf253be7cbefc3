from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from linli.changes.domain.source import Source
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotAllowedNow

LONGEST_REASON = 300


@contextmanager
def change(reason: str, *, actor: Actor, source: Source = Source.BY_HAND, undoes: int | None = None) -> Iterator[int]:
    """Open a change set for what is written inside (变更集), in one transaction; give its id.

    Within an open set it is that set which goes on: whoever stands outside has said why. A set
    that changed nothing is not kept. Until the transaction ends, no other set can be closed:
    let it be the last but short thing in it.

    Raises: Invalid without a reason, or with one of more than 300 characters.
    """
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Invalid("changes.reason", "Say in 1 to 300 characters why it is changed.", field="reason")
    with transaction.atomic():
        outer = _ask("SELECT nullif(current_setting('linli.change', true), '')::bigint")
        if outer is not None:
            if undoes is not None:
                raise NotAllowedNow("changes.open", "Nothing is undone in the middle of another change.")
            yield outer
            return
        number = _ask("INSERT INTO changes_changeset (actor, reason, source, undoes_id) VALUES (%s, %s, %s, %s)"
                      " RETURNING set_config('linli.change', id::text, true)::bigint",
                      actor.ref, reason, source.value, undoes)
        assert number is not None  # noqa: S101  an INSERT without conflict returns its row
        yield number
        if not connection.needs_rollback:
            _close(number)


def _close(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('linli.change', '', true)")
        cursor.execute("DELETE FROM changes_changeset WHERE id = %s AND touched = '{}'", [number])
        cursor.execute("UPDATE changes_changeset SET at = clock_timestamp() WHERE id = %s", [number])


def _ask(sql: str, *given: str | int | None) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: int | None = cursor.fetchone()[0]
        return found
