import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from linli.kernel.actor import Actor


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Open a transaction in `actor`'s name (以某人身份): the one place that says what the database may show.

    Row security reads three settings that end with the transaction: the areas (a pattern of
    code prefixes), the units and the actor. Without them no secured row is seen. Nested, the
    inner scope holds inside and the outer one afterwards, so that an action may look wider
    than its actor for as long as it must.
    """
    with transaction.atomic():
        before = _scope()
        _set_scope(_areas_pattern(actor), ",".join(str(unit) for unit in sorted(actor.units)), actor.ref)
        yield
        if not connection.needs_rollback:
            _set_scope(*before)


def record(deed: str, *, actor: Actor, target: str, **facts: object) -> None:
    """Append one entry to the trail (记入审计), in the deed's own transaction.

    Args:
        deed: what was done, room first, such as `cases.close`.
        target: on what, such as `case:12`.
        facts: what a later reader needs; plain values, no personal data.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (at, actor, deed, target, facts) VALUES (clock_timestamp(), %s, %s, %s, %s)",
            [actor.ref, deed, target, json.dumps(facts, ensure_ascii=False, default=str)],
        )


def _areas_pattern(actor: Actor) -> str:
    if actor.is_system:
        return "^"
    return "^(" + "|".join(re.escape(area) for area in sorted(actor.areas)) + ")" if actor.areas else ""


def _scope() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('linli.areas', true), current_setting('linli.units', true),"
                       " current_setting('linli.actor', true)")
        areas, units, actor = cursor.fetchone()
    return areas or "", units or "", actor or ""


def _set_scope(areas: str, units: str, actor: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('linli.areas', %s, true), set_config('linli.units', %s, true),"
                       " set_config('linli.actor', %s, true)", [areas, units, actor])
