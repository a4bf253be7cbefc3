from datetime import date

from django.utils.formats import date_format
from django.utils.translation import override

from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.role import Role
from linli.notices import actions as notices
from linli.notices.domain.recipients import ToPost
from linli.organisations import queries as units

TEMPLATES = frozenset({"unit.retiring", "unit.retired", "unit.restored", "unit.stays"})
FACTS = frozenset({"unit", "successor", "day"})


def tell(template: str, unit_id: int, successor: int | None, day: date | None) -> None:
    """Tell both units and those who dispatch and look after them what becomes of a unit (告知单位变更)."""
    card = units.card(unit_id)
    names = units.names([unit_id, *([successor] if successor else [])])
    area = card.area_code if card else ""
    to = (ToPost(Role.UNIT, unit=unit_id), *([ToPost(Role.UNIT, unit=successor)] if successor else []),
          *(ToPost(role, area) for role in (Role.DISPATCHER, Role.DISTRICT, Role.OPERATOR)))
    with audit.acting(Actor.system("cases")):
        notices.tell(template, to=to, once=f"{template}:{unit_id}:{clock.now().isoformat()}", facts={
            "unit": names.get(unit_id, ""), "successor": names.get(successor or 0, ""), "day": _in_both(day)})


def _in_both(day: date | None) -> dict[str, str]:
    found = {}
    for name, code in (("zh", "zh-hans"), ("en", "en")):
        with override(code):
            found[name] = date_format(day, "DATE_FORMAT") if day else ""
    return found
