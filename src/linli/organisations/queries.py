from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from linli.kernel.codes import AREA_LENGTHS
from linli.organisations.domain.unit import Retiring, UnitCard
from linli.organisations.models import DutyUnit, Retirement, Unit


def unit_name(unit_id: int) -> str:
    """Return a unit's name (单位名称), "" if there is no such unit."""
    return names([unit_id]).get(unit_id, "")


def names(ids: Collection[int]) -> dict[int, str]:
    """Return the names of units by id; an unknown id is left out."""
    return dict(Unit.objects.filter(pk__in=ids).values_list("id", "name"))


def card(unit_id: int) -> UnitCard | None:
    """Return what everybody may know of a unit (单位名片)."""
    return next(iter(_cards(Unit.objects.filter(pk=unit_id))), None)


def units_in(area_code: str = "") -> list[UnitCard]:
    """Return the active units of an area and of all below it, by area and name (辖区单位)."""
    return _cards(Unit.objects.active().filter(area_code__startswith=area_code).order_by("area_code", "name"))


def retiring(unit_id: int) -> Retiring | None:
    """Return when a unit goes, or went, out of use and who takes over (停用安排); None if nobody planned it."""
    return next(iter(_retiring(Retirement.objects.in_force().filter(unit=unit_id))), None)


def retirements(unit_ids: Collection[int]) -> dict[int, Retiring]:
    """Return the plans for these units by unit (停用安排)."""
    return {one.unit: one for one in _retiring(Retirement.objects.in_force().filter(unit__in=unit_ids))}


def to_retire(today: date) -> list[Retiring]:
    """Return what is planned for this day or one before and still to be done (到期停用), the oldest first."""
    return _retiring(Retirement.objects.in_force().filter(done_at=None, retires_on__lte=today).order_by("asked_at"))


def heir_of(unit_id: int | None, area_code: str) -> int | None:
    """Return who takes what a unit out of use would have (接手单位): its successor in use, else the fall-back unit."""
    plan = retiring(unit_id) if unit_id else None
    if plan and plan.done_at and active([plan.successor]):
        return plan.successor
    return fallback_unit(area_code)


def on_duty_for(unit_id: int) -> list[str]:
    """Return the areas for which a unit itself is named (责任区域), in order."""
    return list(DutyUnit.objects.filter(unit=unit_id).order_by("area_code").values_list("area_code", flat=True))


def overseen(areas: Collection[str], *, with_retired: bool = False) -> list[UnitCard]:
    """Return the units of these areas, of all below them and of those above that serve them, by area and name."""
    near = Q(pk__in=[])
    for area in areas:
        near |= Q(area_code__startswith=area) | Q(area_code__in=[area[:length] for length in AREA_LENGTHS])
    units = Unit.objects.all() if with_retired else Unit.objects.active()
    return _cards(units.filter(near).order_by("area_code", "name"))


def duty_unit_of(area_code: str) -> int | None:
    """Return the active unit on duty for the area, else for the nearest area above it (责任单位)."""
    above = [area_code[:length] for length in AREA_LENGTHS if length <= len(area_code)]
    duties = dict(DutyUnit.objects.filter(area_code__in=above, unit__active=True).values_list("area_code", "unit_id"))
    return next((duties[code] for code in reversed(above) if code in duties), None)


def active(ids: Collection[int | None]) -> set[int]:
    """Return those of these units that are in use (在用单位)."""
    return set(Unit.objects.active().filter(pk__in=[unit for unit in ids if unit]).values_list("id", flat=True))


def fallback_unit(area_code: str) -> int | None:
    """Return the unit that takes what nobody else is answerable for in the area's district (兜底单位)."""
    return (Unit.objects.active().filter(is_fallback=True, area_code__startswith=area_code[:6])
            .order_by("id").values_list("id", flat=True).first())


def hold_active(unit_id: int, within: str = "") -> bool:
    """Return whether a unit of this area is active (单位是否在用), and keep it so until the commit."""
    mine = Unit.objects.active().select_for_update(no_key=True)
    return mine.filter(pk=unit_id, area_code__startswith=within).exists()


def _retiring(rows: QuerySet[Retirement]) -> list[Retiring]:
    return [Retiring(*row) for row in rows.values_list(
        "unit", "successor", "retires_on", "accounts_follow", "done_at", "moved")]


def _cards(units: QuerySet[Unit]) -> list[UnitCard]:
    return [UnitCard(*row) for row in units.values_list("id", "name", "kind", "area_code", "phone")]
