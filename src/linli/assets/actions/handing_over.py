from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection, transaction

from linli.assets.actions.duties import name_units, today
from linli.assets.domain.component import Duty
from linli.audit import actions as audit
from linli.changes import actions as changes
from linli.changes.domain.source import Source
from linli.kernel.actor import Actor

_SELF: Final = Actor.system("assets")
_HELD: Final = """
    SELECT component_id FROM assets_componentduty WHERE kind = %(kind)s AND unit_id = %(before)s
      AND valid @> %(day)s::date AND (%(all)s OR component_id = ANY (%(ids)s)) ORDER BY component_id
"""
# Plans too: whoever goes out of use takes over nothing later. Of several spans one reaches to the last day.
_PASSED_ON: Final = """
    SELECT component_id, kind, %(after)s, daterange(greatest(lower(valid), %(day)s::date), upper(valid))
    FROM assets_componentduty WHERE kind = %(kind)s AND unit_id = %(before)s
      AND (upper_inf(valid) OR upper(valid) > %(day)s::date) AND (%(all)s OR component_id = ANY (%(ids)s))
"""


@transaction.atomic
def hand_over(unit_id: int, successor: int, *, actor: Actor) -> dict[str, list[int]]:
    """Let another unit be accountable wherever this one is (部件移交); return the ids of the components by duty.

    The caller has made sure that `actor` may change the unit.
    """
    with audit.acting(_SELF), changes.change("A unit went out of use", actor=actor, source=Source.PROGRAM):
        moved = {duty.value: _renamed(duty, unit_id, successor) for duty in Duty}
        audit.record("assets.hand_over", actor=actor, target=f"unit:{unit_id}", successor=successor,
                     **{duty: len(ids) for duty, ids in moved.items()})
    return moved


@transaction.atomic
def give_back(moved: Mapping[str, Sequence[int]], unit_id: int, successor: int, *, actor: Actor) -> int:
    """Give back what went over and is still there (部件归还); return how many duties came back."""
    with audit.acting(_SELF), changes.change("A unit is in use again", actor=actor, source=Source.PROGRAM):
        count = sum(len(_renamed(duty, successor, unit_id, moved.get(duty.value, ()))) for duty in Duty)
        audit.record("assets.give_back", actor=actor, target=f"unit:{unit_id}", successor=successor, duties=count)
    return count


def _renamed(duty: Duty, before: int, after: int, among: Sequence[int] | None = None) -> list[int]:
    given = {"kind": duty.value, "before": before, "after": after, "day": today(), "all": among is None,
             "ids": list(among or ())}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, given)
        ids = [key for (key,) in cursor.fetchall()]
    name_units(_PASSED_ON, given)
    return ids
