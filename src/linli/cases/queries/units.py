from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from linli.accounts import queries as accounts
from linli.accounts.queries import Reach
from linli.assets import queries as assets
from linli.audit import actions as audit
from linli.cases.models import Case
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.organisations import policy as overseers
from linli.organisations import queries as organisations
from linli.organisations.domain.unit import Retiring, UnitCard

_SELF = Actor.system("cases")


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit as those see it who look after units (单位一览): its open cases, whom one reaches, its plan to go."""

    card: UnitCard
    open_cases: int
    reach: Reach
    retiring: Retiring | None

    @property
    def is_unreached(self) -> bool:
        """Return whether nobody there would hear of a case (联系不上)."""
        return not self.reach.open and not (self.retiring and self.retiring.done_at)


@dataclass(frozen=True, slots=True)
class Attached:
    """What hangs on a unit (单位名下事项): `components` by duty, `areas` for which it is on duty."""

    line: UnitLine
    components: Mapping[str, int]
    areas: Sequence[str]


def units_overseen(actor: Actor, *, unreached: bool = False) -> list[UnitLine]:
    """Return the units that this actor looks after, those with most open cases first (单位一览).

    `unreached` = those only that cannot be reached. The same few queries, however many units there are.

    Raises: NotPermitted for all but the dispatcher, the district and the operator.
    """
    areas = overseers.overseen_areas(actor)
    lines = _lines(organisations.overseen(areas, with_retired=not unreached))
    found = [line for line in lines if line.is_unreached or not unreached]
    return sorted(found, key=lambda line: -line.open_cases)


def attached(actor: Actor, unit_id: int) -> Attached:
    """Return what hangs on a unit (单位名下事项).

    Raises: NotPermitted; NotFound if there is no such unit, or it is none that this actor looks after.
    """
    areas = overseers.overseen_areas(actor)
    card = organisations.card(unit_id)
    if card is None or not any(card.area_code.startswith(area) or area.startswith(card.area_code) for area in areas):
        raise NotFound("organisations.no_such_unit", "There is no unit {unit}.", unit=unit_id)
    with audit.acting(_SELF):
        return Attached(_lines([card])[0], assets.of_unit(unit_id), organisations.on_duty_for(unit_id))


def is_unreached(unit_id: int | None) -> bool:
    """Return whether nobody at this unit would hear of a case (联系不上)."""
    return unit_id is not None and not accounts.reach_of_units([unit_id])[unit_id].open


def _lines(cards: Sequence[UnitCard]) -> list[UnitLine]:
    ids = [card.id for card in cards]
    with audit.acting(_SELF):
        rows = Case.objects.still_open().filter(unit__in=ids).values("unit").annotate(how_many=Count("pk"))
        open_cases = {row["unit"]: row["how_many"] for row in rows}
        reach, plans = accounts.reach_of_units(ids), organisations.retirements(ids)
    return [UnitLine(card, open_cases.get(card.id, 0), reach[card.id], plans.get(card.id)) for card in cards]
