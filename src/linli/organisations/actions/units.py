from collections.abc import Mapping, Sequence

from django.db import transaction

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.organisations import policy
from linli.organisations.domain import uscc
from linli.organisations.domain.unit import NewUnit
from linli.organisations.models import DutyUnit, Unit


@transaction.atomic
def load_units(units: Sequence[NewUnit], *, actor: Actor) -> list[int]:
    """Enter units, or amend those of the same name and area, in one set (单位入库); return their ids in order.

    Raises: NotPermitted; Invalid if a unified code is wrong.
    """
    policy.require_registrar(actor, [unit.area_code for unit in units])
    rows = Unit.objects.bulk_create(
        [_unit(unit) for unit in units], update_conflicts=True, unique_fields=["area_code", "name"],
        update_fields=["kind", "uscc", "code_kind", "phone", "is_fallback", "active"],
    )
    audit.record("organisations.load", actor=actor, target="units", units=len(rows))
    return [row.pk for row in rows]


@transaction.atomic
def put_on_duty(duties: Mapping[str, int], *, actor: Actor) -> None:
    """Name the unit on duty for each area (指定责任单位), replacing the one before.

    Args: duties: area code to unit id.
    """
    policy.require_registrar(actor, duties.keys())
    DutyUnit.objects.bulk_create(
        [DutyUnit(area_code=area, unit_id=unit) for area, unit in duties.items()],
        update_conflicts=True, unique_fields=["area_code"], update_fields=["unit"],
    )
    audit.record("organisations.put_on_duty", actor=actor, target="duties", areas=len(duties))


def _unit(unit: NewUnit) -> Unit:
    return Unit(name=unit.name, kind=unit.kind.value, area_code=unit.area_code, phone=unit.phone,
                uscc=uscc.require(unit.uscc) if unit.uscc else None, code_kind="uscc" if unit.uscc else "none",
                is_fallback=unit.is_fallback, active=True)
