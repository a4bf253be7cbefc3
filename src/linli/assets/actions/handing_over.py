from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from linli.assets.domain.component import Duty
from linli.assets.models import Component
from linli.audit import actions as audit
from linli.changes import actions as changes
from linli.changes.domain.source import Source
from linli.kernel import clock
from linli.kernel.actor import Actor

_SELF = Actor.system("assets")


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
    rows = Component.objects.filter(**{duty.value: before})
    if among is not None:
        rows = rows.filter(pk__in=among)
    ids = sorted(rows.select_for_update().values_list("pk", flat=True))
    Component.objects.filter(pk__in=ids).update(
        **{duty.value: after}, changed_on=Greatest(F("changed_on"), Value(clock.now().date())))
    return ids
