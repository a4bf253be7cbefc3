"""The auditor's page (审计查阅): who did what to what, sealed how far; it reads, and its reading stands there too."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.accounts import policy, queries
from linli.audit import actions as audit
from linli.audit import queries as trails
from linli.kernel import clock

ROWS: Final = 100
A_WORD: Final = 100
NAMES: Final = r"\A[\w.:*-]*\Z"


class WantedForm(forms.Form):
    """What the auditor looks for (检索表单); an empty field asks for nothing."""

    actor = forms.RegexField(NAMES, max_length=A_WORD, required=False, label=_("Who"), help_text=_("such as user:7"))
    deed = forms.RegexField(NAMES, max_length=A_WORD, required=False, label=_("What"),
                            help_text=_("such as cases.close, or cases for everything done to cases"))
    target = forms.RegexField(NAMES, max_length=A_WORD, required=False, label=_("On what"),
                              help_text=_("such as case:12"))
    since = forms.DateField(required=False, label=_("From day"), widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, label=_("To day, included"), widget=forms.DateInput({"type": "date"}))
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one."))
        return given

    def wanted(self) -> trails.Wanted:
        """Return what is looked for; a day begins and ends by the local time."""
        given = self.cleaned_data
        return trails.Wanted(given["actor"], given["deed"], given["target"], _start(given["since"]),
                             _start(given["until"], after=1))


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it is shown (审计行)."""

    line: trails.Line
    post: str
    facts: list[tuple[str, str]]


@never_cache
@login_required
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Show the newest entries that are wanted, a hundred at a time."""
    policy.require_trail(request.actor)
    form = WantedForm(request.GET)
    found = []
    if form.is_valid():
        asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
        audit.record("audit.read", actor=request.actor, target="audit:trail", wanted=asked)
        found = trails.lines(form.wanted(), before=form.cleaned_data["before"], at_most=ROWS + 1)
    kept = {name: value for name, value in request.GET.items() if value and name != "before"}
    return render(request, "accounts/trail.html", {
        "form": form, "rows": _told(found[:ROWS]), "sealed": trails.sealed_to(), "tail": trails.tail(),
        "is_asked": bool(kept), "newest": f"?{urlencode(kept)}" if request.GET.get("before") else "",
        "older": f"?{urlencode({**kept, 'before': found[ROWS - 1].entry.pk})}" if len(found) > ROWS else "",
        "now": clock.now(),
    }, status=200 if form.is_valid() else 422)


def _told(found: list[trails.Line]) -> list[Told]:
    posts = queries.names_of_posts([line.entry.actor for line in found])
    return [Told(line, posts.get(line.entry.actor, ""), [(name, str(fact)) for name, fact in line.entry.facts.items()])
            for line in found]


def _start(day: Any, after: int = 0) -> datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=after), datetime.min.time()))
