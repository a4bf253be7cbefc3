"""Units (单位管理): those that cannot be reached, and taking one out of use with all that hangs on it."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.accounts import queries as accounts
from linli.calendar import queries as calendar
from linli.cases import actions as cases
from linli.cases.pages.access import at_desk
from linli.cases.pages.refusals import said
from linli.cases.queries.units import Attached, attached, units_overseen
from linli.kernel import clock
from linli.kernel.errors import DomainError, NotPermitted
from linli.organisations import policy as registrars
from linli.organisations import queries as organisations

ROWS: Final = 200


class RetireForm(forms.Form):
    """On which day a unit goes, who takes over, what becomes of its people (停用单位表单)."""

    on = forms.DateField(label=_("Out of use from"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    successor = forms.TypedChoiceField(label=_("Who takes over"), coerce=int)
    accounts_follow = forms.BooleanField(label=_("Its accounts go on at the unit that takes over"), required=False,
                                         help_text=_("Otherwise their posts end on that day."))
    confirmed = forms.BooleanField(label=_("I have seen what hangs on it; hand it over"), error_messages={
        "required": _("Please confirm that all this may be handed over.")})

    def __init__(self, data: Any = None, *, found: Attached) -> None:
        card = found.line.card
        fallback = organisations.fallback_unit(card.area_code)
        others = [unit for unit in organisations.units_in(card.area_code[:6]) if unit.id != card.id]
        today = calendar.calendar_for(card.area_code).day_of(clock.now())
        super().__init__(data, initial={"on": today, "successor": fallback})
        reach = accounts.reach_of_units([unit.id for unit in others])
        self.fields["successor"].choices = [
            (unit.id, _words(unit.id == fallback, reach[unit.id].open > 0).format(unit=unit.name)) for unit in others]


def _words(is_fallback: bool, is_reached: bool) -> str:
    if is_fallback:
        return _("{unit} (fallback)")
    return "{unit}" if is_reached else _("{unit} (cannot be reached)")


@never_cache
@at_desk
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Show the units that this person looks after; `?only=unreached` those that nobody can reach."""
    only = request.GET.get("only") == "unreached"
    lines = units_overseen(request.actor)
    missing = [line for line in lines if line.is_unreached]
    return render(request, "cases/unit_list.html", {
        "lines": (missing if only else lines)[:ROWS], "only": only, "count": len(lines), "missing": len(missing)})


@never_cache
@at_desk
@require_safe
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show one unit, what hangs on it, and the form by which it goes out of use."""
    return _show(request, attached(request.actor, unit_id))


@at_desk
@require_POST
def retire(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Take a unit out of use on a day."""
    found = attached(request.actor, unit_id)
    registrars.require_registrar(request.actor, [found.line.card.area_code])
    form = RetireForm(request.POST, found=found)
    if not form.is_valid():
        return _show(request, found, form=form, status=422)
    given = form.cleaned_data
    try:
        cases.retire_unit(unit_id, on=given["on"], successor=given["successor"],
                          accounts_follow=given["accounts_follow"], actor=request.actor)
    except NotPermitted:
        raise
    except DomainError as error:
        return _show(request, found, form=form, error=said(error), status=error.status)
    return redirect("unit", unit_id)


@at_desk
@require_POST
def restore(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Let a unit stay in use, or take it into use again."""
    found = attached(request.actor, unit_id)
    try:
        cases.restore_unit(unit_id, actor=request.actor)
    except NotPermitted:
        raise
    except DomainError as error:
        return _show(request, found, error=said(error), status=error.status)
    return redirect("unit", unit_id)


def _show(request: HttpRequest, found: Attached, *, form: RetireForm | None = None, error: str = "",
          status: int = 200) -> HttpResponse:
    plan, card = found.line.retiring, found.line.card
    may_change = registrars.may_register(request.actor, card.area_code)
    return render(request, "cases/unit.html", {
        "found": found, "card": card, "plan": plan, "may_change": may_change, "error": error,
        "successor": organisations.unit_name(plan.successor) if plan else "",
        "form": form or (RetireForm(found=found) if may_change and plan is None else None)}, status=status)
