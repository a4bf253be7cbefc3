"""What the forms take (表单): parsed and bounded; the actions judge it again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.domain.given import REASON_LENGTH
from linli.cases.domain.texts import REPORT_LENGTH
from linli.cases.pages.choices import Categories


class WhatForm(forms.Form):
    """What happened (发生了什么): words, a category, the component whose code was scanned."""

    text = forms.CharField(label=_("Say it in a few words"), required=False, max_length=REPORT_LENGTH,
                           widget=forms.Textarea({"rows": 2}))
    category = forms.ChoiceField(label=_("What is it about"), error_messages={
        "required": _("Please choose what it is about."), "invalid_choice": _("Please choose what it is about.")})
    component = forms.CharField(required=False, max_length=16)

    def __init__(self, data: Any = None, *, offered: Categories, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["category"].choices = [(c.code, c.name) for c in (*offered.quick, *offered.more)]


class WhereForm(forms.Form):
    """Where it is (在哪里): a point of the map, a grid of the list, or the code on a component's label."""

    lon = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    grid = forms.CharField(required=False, max_length=15)
    code = forms.CharField(label=_("Code on the label"), required=False, max_length=24,
                           widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))
    component = forms.CharField(required=False, max_length=16)


class PatrolForm(WhatForm, WhereForm):
    """A grid worker's whole report in one form (网格上报); `ref` makes sending it twice harmless."""

    ref = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, offered: Categories, **kwargs: Any) -> None:
        super().__init__(data, offered=offered, **kwargs)
        self.fields["category"].choices = [("", _("Please choose")), *self.fields["category"].choices]


class MoveForm(forms.Form):
    """What a move asks for; only the fields that `MOVES` names for it are kept (环节表单)."""

    condition = forms.ChoiceField(label=_("Filing condition"), widget=forms.RadioSelect, error_messages={
        "required": _("Please choose the filing condition."),
        "invalid_choice": _("Please choose the filing condition.")})
    unit = forms.ChoiceField(label=_("Unit"), error_messages={
        "required": _("Please choose a unit."), "invalid_choice": _("Please choose a unit.")})
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea({"rows": 3}),
                             error_messages={"required": _("Please give the reason.")})
    condition_met = forms.BooleanField(label=_("The closing condition is met"), error_messages={
        "required": _("A case is closed only when its closing condition is met.")})
    until = forms.DateField(label=_("Until which day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
                            error_messages={"required": _("Please say until which day."),
                                            "invalid": _("Please give a day, such as 2027-03-01.")})
    note = forms.CharField(label=_("Note"), required=False, max_length=REASON_LENGTH,
                           widget=forms.Textarea({"rows": 2}))

    def __init__(self, data: Any = None, *, asks: frozenset[str], conditions: Sequence[tuple[str, str]] = (),
                 units: Sequence[tuple[int, str]] = (), acts_first: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["condition"].choices = conditions
        self.fields["unit"].choices = units
        if acts_first:
            self.fields["reason"].label = _("Reason for filing before it was verified")
        for name in set(self.fields) - asks - {"note"}:
            del self.fields[name]
