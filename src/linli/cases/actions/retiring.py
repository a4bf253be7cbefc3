from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from linli.accounts import actions as accounts
from linli.assets import actions as assets
from linli.audit import actions as audit
from linli.calendar import queries as calendar
from linli.cases.actions import retiring_news as news
from linli.cases.domain.remarks import Remark
from linli.cases.domain.routing import RouteRule
from linli.cases.domain.workflow import WITH_UNIT, State
from linli.cases.events import CaseMoved
from linli.cases.models import Case, CaseStep
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, DomainError, Invalid, NotFound
from linli.organisations import actions as organisations
from linli.organisations import policy as registrars
from linli.organisations import queries as units
from linli.organisations.domain.unit import Retiring
from linli.outbox import actions as outbox

A_YEAR: Final = 366
_SELF: Final = Actor.system("cases")


@transaction.atomic
def retire_unit(unit_id: int, *, actor: Actor, on: date | None = None, successor: int | None = None,
                accounts_follow: bool = False) -> bool:
    """Take a unit out of use on a day, and let another take over all that hangs on it (停用单位并移交).

    Open cases, components and areas of duty go to the successor, or to the fall-back unit where none is named;
    limits run on. The posts of its people end, or go on at the successor with `accounts_follow`.

    Args:
        on: None or today = now; a day ahead is a plan that the worker carries out.
    Returns: whether it is done already.
    Raises: NotFound, NotPermitted; Conflict if it is out of use or planned to be, or nobody could take over;
        Invalid for a day that has passed or is more than a year ahead.
    """
    card = units.card(unit_id)
    if card is None:
        raise NotFound("organisations.no_such_unit", "There is no unit {unit}.", unit=unit_id)
    registrars.require_registrar(actor, [card.area_code])
    today = calendar.calendar_for(card.area_code).day_of(clock.now())
    day = on or today
    if not 0 <= (day - today).days < A_YEAR:
        raise Invalid("cases.retires_on", "Choose today or a day ahead, at most a year.", field="on")
    taker = successor or units.fallback_unit(card.area_code)
    if taker is None or taker == unit_id:
        raise Conflict("cases.no_fallback", "No other unit could take over. Choose one, or name another fallback unit"
                       " first.", field="successor")
    organisations.plan_retirement(unit_id, successor=taker, retires_on=day, accounts_follow=accounts_follow,
                                  actor=actor)
    if day > today:
        news.tell("unit.retiring", unit_id, taker, day)
        return False
    _carry_out(_plan(unit_id), actor)
    return True


@transaction.atomic
def restore_unit(unit_id: int, *, actor: Actor) -> int:
    """Undo a unit's going out of use, planned or done (恢复单位); return how many cases came back.

    What its successor has touched since stays there: cases in which somebody took a step, components named anew.

    Raises: NotFound, NotPermitted; Conflict if the unit is in use and nobody planned otherwise.
    """
    plan = units.retiring(unit_id)
    organisations.restore(unit_id, actor=actor)
    if plan is None or plan.done_at is None:
        news.tell("unit.stays", unit_id, None, None)
        return 0
    taker = int(plan.moved["successor"])
    with audit.acting(_SELF):
        back = _untouched(plan.moved["cases"], taker, plan.done_at)
        _move(back, unit_id, Remark.HANDED_BACK, names=units.names([unit_id, taker]), rules=plan.moved["rules"])
        assets.give_back(plan.moved["components"], unit_id, taker, actor=actor)
        accounts.give_back_posts(plan.moved["posts"], unit=unit_id, actor=actor)
        audit.record("cases.handed_back", actor=actor, target=f"unit:{unit_id}", cases=[case.pk for case in back])
        news.tell("unit.restored", unit_id, taker, None)
    return len(back)


def retire_due(now: datetime) -> int:
    """Carry out every plan whose day has come (到期停用), each in a transaction of its own; return how many.

    One that cannot be carried out waits, and holds up no other.
    """
    done = 0
    for plan in units.to_retire(calendar.calendar_for().day_of(now)):
        try:
            with transaction.atomic():
                _carry_out(plan, _SELF)
            done += 1
        except DomainError as refusal:
            with audit.acting(_SELF):
                audit.record("cases.retirement_waits", actor=_SELF, target=f"unit:{plan.unit}", why=refusal.code)
    return done


def _plan(unit_id: int) -> Retiring:
    plan = units.retiring(unit_id)
    if plan is None:
        raise Conflict("organisations.not_retiring", "This unit is in use and nobody planned otherwise.", field="unit")
    return plan


def _carry_out(plan: Retiring, actor: Actor) -> None:
    """Hand everything over; where the successor is out of use itself by now, to the fall-back unit."""
    card = units.card(plan.unit)
    fallback = units.fallback_unit(card.area_code) if card else None
    taker = plan.successor if plan.successor in units.active([plan.successor]) else fallback
    if taker is None or taker == plan.unit:
        raise Conflict("cases.no_fallback", "No other unit could take over. Choose one, or name another fallback unit"
                       " first.", field="successor")
    with audit.acting(_SELF):
        mine = list(Case.objects.select_for_update().left_with(plan.unit).order_by("pk"))
        rules = {str(case.pk): case.route_rule for case in mine}
        rule = RouteRule.FALLBACK if taker == fallback else RouteRule.SUCCESSOR
        _move(mine, taker, Remark.HANDED_OVER, names=units.names([plan.unit, taker]),
              rules=dict.fromkeys(rules, rule.value))
        news.tell("unit.retired", plan.unit, taker, plan.retires_on)
        moved: dict[str, Any] = {
            "cases": [case.pk for case in mine], "rules": rules,
            "components": assets.hand_over(plan.unit, taker, actor=actor),
            "posts": accounts.end_posts(plan.unit, follow_to=taker if plan.accounts_follow else None, actor=actor)}
        audit.record("cases.handed_over", actor=actor, target=f"unit:{plan.unit}", after=taker, cases=moved["cases"])
        organisations.retire(plan.unit, actor=actor, successor=taker, moved=moved)


def _move(cases: Sequence[Case], unit_id: int, remark: Remark, *, names: dict[int, str],
          rules: dict[str, str]) -> None:
    """Give these locked cases another unit, each with its step: the same few queries for one or for thousands."""
    now, steps = clock.now(), []
    for case in cases:
        told = remark if State(case.state) in WITH_UNIT else Remark.REROUTED
        steps.append(CaseStep(case=case, move=told.value, before=case.state, state=case.state, at=now,
                              actor=_SELF.ref, unit_id=unit_id,
                              given={"from": names.get(case.unit_id or 0, ""), "to": names[unit_id]}))
        case.unit_id, case.route_rule = unit_id, rules[str(case.pk)]
    Case.objects.bulk_update(cases, ["unit", "route_rule"], batch_size=500)
    CaseStep.objects.bulk_create(steps, batch_size=500)
    outbox.publish_all([CaseMoved(case_id=case.pk) for case in cases])


def _untouched(case_ids: Sequence[int], unit_id: int, since: datetime) -> list[Case]:
    """Return, locked, those of these cases that the unit still has and in which no post took a step since."""
    touched = CaseStep.objects.filter(case__in=case_ids, at__gt=since).exclude(post="").values("case")
    return list(Case.objects.select_for_update().left_with(unit_id).filter(pk__in=case_ids).exclude(pk__in=touched)
                .order_by("pk"))
