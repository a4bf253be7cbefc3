from collections.abc import Mapping
from datetime import date

from django.db import transaction

from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, NotFound
from linli.organisations import policy
from linli.organisations.models import DutyUnit, Retirement, Unit


@transaction.atomic
def plan_retirement(unit_id: int, *, successor: int, retires_on: date, accounts_follow: bool, actor: Actor) -> int:
    """Say on which day a unit goes out of use and who takes over (拟停用单位); return the plan's id.

    Raises: NotPermitted; Conflict if it is out of use or planned to be already, or its successor cannot be one.
    """
    unit = _locked(unit_id, actor)
    if not unit.active or Retirement.objects.in_force().filter(unit=unit).exists():
        raise Conflict("organisations.retiring_already", "This unit is out of use, or will be: undo that first.",
                       field="unit")
    fit = Unit.objects.active().filter(pk=successor, area_code__startswith=unit.area_code[:6])
    if successor == unit_id or not fit.exists():
        raise Conflict("organisations.no_such_successor", "Choose another working unit of this district.",
                       field="successor")
    row = Retirement.objects.create(unit=unit, successor_id=successor, retires_on=retires_on,
                                    accounts_follow=accounts_follow, asked_by=actor.ref, asked_at=clock.now())
    audit.record("organisations.plan_retirement", actor=actor, target=f"unit:{unit_id}", successor=successor,
                 retires_on=retires_on.isoformat(), accounts_follow=accounts_follow)
    return row.pk


@transaction.atomic
def retire(unit_id: int, *, actor: Actor, successor: int | None = None,
           moved: Mapping[str, object] | None = None) -> None:
    """Take a unit out of use (停用单位); what it did stays under its name.

    Its areas of duty, and its being the fall-back, go to `successor` if there is one. `moved` is what went with it
    elsewhere, kept with its plan so that it can come back.
    """
    unit = _locked(unit_id, actor)
    was_fallback, areas = unit.is_fallback, []
    unit.active = False
    unit.is_fallback = was_fallback and successor is None
    unit.save(update_fields=["active", "is_fallback"])
    if successor is not None:
        areas = list(DutyUnit.objects.filter(unit=unit).order_by("area_code").values_list("area_code", flat=True))
        DutyUnit.objects.filter(unit=unit).update(unit=successor)
        if was_fallback:
            Unit.objects.filter(pk=successor).update(is_fallback=True)
    kept = {**(moved or {}), "areas": areas, "was_fallback": was_fallback, "successor": successor}
    Retirement.objects.in_force().filter(unit=unit).update(done_at=clock.now(), moved=kept)
    audit.record("organisations.retire", actor=actor, target=f"unit:{unit_id}", successor=successor, areas=areas)


@transaction.atomic
def restore(unit_id: int, *, actor: Actor) -> None:
    """Take a unit into use again, or let it stay in use (恢复单位), with the areas its successor still has of it.

    Raises: NotPermitted; Conflict if nobody planned that it goes.
    """
    unit = _locked(unit_id, actor)
    row = Retirement.objects.in_force().filter(unit=unit).first()
    if row is None:
        raise Conflict("organisations.not_retiring", "This unit is in use and nobody planned otherwise.", field="unit")
    if row.done_at is not None:
        if row.moved.get("was_fallback"):
            Unit.objects.filter(pk=row.moved["successor"]).update(is_fallback=False)
        DutyUnit.objects.filter(area_code__in=row.moved["areas"], unit=row.moved["successor"]).update(unit=unit)
        unit.active, unit.is_fallback = True, bool(row.moved.get("was_fallback"))
        unit.save(update_fields=["active", "is_fallback"])
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    audit.record("organisations.restore", actor=actor, target=f"unit:{unit_id}", was_done=row.done_at is not None)


def _locked(unit_id: int, actor: Actor) -> Unit:
    unit = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("organisations.no_such_unit", "There is no unit {unit}.", unit=unit_id)
    policy.require_registrar(actor, [unit.area_code])
    return unit
