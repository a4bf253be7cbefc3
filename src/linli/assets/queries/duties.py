from datetime import date, datetime

from linli.assets.domain.component import Duty, UnitOn
from linli.assets.models import Component, ComponentDuty
from linli.changes import queries as changes
from linli.organisations import queries as organisations


def units_on(component_id: int, day: date, *, known_at: datetime | None = None) -> list[UnitOn]:
    """Return who supervised, owned, maintained a component on a day (某日责任单位); empty if the scope sees none.

    Args: known_at: as it was known at that instant; None = as we know it now.
    """
    area = Component.objects.filter(pk=component_id).values_list("area_code", flat=True).first()
    if area is None:
        return []
    duties = ComponentDuty.objects.filter(component=component_id, valid__contains=day)
    if known_at is not None:
        duties = changes.as_of(duties, known_at)
    held = {kind: (unit, valid) for kind, unit, valid in duties.values_list("kind", "unit_id", "valid")}
    fallback = organisations.fallback_unit(area)
    answers = []
    for duty in Duty:
        unit, valid = held.get(duty.value, (None, None))
        answers.append(UnitOn(duty, unit, valid is not None, valid and valid.lower, valid and valid.upper,
                              fallback if unit is None else None))
    return answers
