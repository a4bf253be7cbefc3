from django.db import transaction

from linli.audit import actions as audit
from linli.cases.actions import steps
from linli.cases.domain.remarks import Remark
from linli.cases.domain.routing import RouteRule
from linli.cases.domain.workflow import State
from linli.cases.events import CaseMoved
from linli.cases.models import Case
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict
from linli.organisations import actions as organisations
from linli.organisations import policy as registrars
from linli.organisations import queries as units
from linli.outbox import actions as outbox


@transaction.atomic
def retire_unit(unit_id: int, *, actor: Actor) -> int:
    """Take a unit out of use and hand its open cases to the fallback, each by name (停用单位并移交案件).

    Their limits run on. Returns how many were handed over.

    Raises: NotPermitted; Conflict if there is no other fallback unit that could take them.
    """
    card = units.card(unit_id)
    registrars.require_registrar(actor, [card.area_code if card else ""])
    with audit.acting(Actor.system("cases")):
        mine = list(Case.objects.select_for_update().left_with(unit_id).order_by("pk"))
        for case in mine:
            _hand_over(case, unit_id, actor)
        organisations.retire(unit_id, actor=actor)
    return len(mine)


def _hand_over(case: Case, unit_id: int, actor: Actor) -> None:
    fallback = units.fallback_unit(case.area_code)
    if fallback is None or fallback == unit_id:
        raise Conflict("cases.no_fallback", "This unit still has open cases and no fallback unit could take them."
                       " Name another fallback unit first.", field="unit")
    names = units.names([unit_id, fallback])
    case.unit_id, case.route_rule = fallback, RouteRule.FALLBACK.value
    case.save(update_fields=["unit", "route_rule"])
    steps.append(case, Remark.HANDED_OVER.value, before=State(case.state), actor=actor, at=clock.now(),
                 given={"from": names[unit_id], "to": names[fallback]})
    audit.record("cases.handed_over", actor=actor, target=f"case:{case.pk}", before=unit_id, after=fallback)
    outbox.publish(CaseMoved(case_id=case.pk))
