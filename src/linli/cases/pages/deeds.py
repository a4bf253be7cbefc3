"""Taking a move on a case's page (办理): its form, its photos, and what comes back when it was refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from linli.cases import actions as cases
from linli.cases import policy
from linli.cases.domain.workflow import MOVES, Move
from linli.cases.models import Case
from linli.cases.pages import choices, photos, words
from linli.cases.pages.forms import MoveForm
from linli.kernel.actor import Actor

FORWARD: Final = frozenset({"accept", "file", "verify", "dispatch", "report_done", "check", "close"})
PHOTOS_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Deed:
    """One move with its form as it now stands.

    `kept` are sealed photos that came with an earlier try; `stays` says that only one of them was taken out.
    """

    move: Move
    word: str | Promise
    form: MoveForm
    kept: tuple[str, ...] = ()
    refused: str = ""
    stays: bool = False

    @property
    def follows(self) -> str | Promise:
        """Return what the move brings about, "" where its name says it all."""
        return words.FOLLOWS.get(self.move.name, "")

    @property
    def wants_photos(self) -> bool:
        """Return whether the move must be proved by photos."""
        return "evidence" in self.move.needs

    @property
    def room(self) -> int:
        """Return how many more photos there is room for."""
        return PHOTOS_AT_MOST - len(self.kept)


def blank(case: Case, name: str) -> Deed:
    """Return a move's form before anything was filled in; the unit that the route proposes is chosen beforehand."""
    return Deed(MOVES[name], words.DEEDS[name], _form(case, name, initial={"unit": case.unit_id}))


def filled(request: HttpRequest, case: Case, name: str) -> Deed:
    """Return a move's form as it was sent, with its photos kept, whatever else is wrong with it."""
    kept, refused = photos.take(request, photos.carried(request), most=PHOTOS_AT_MOST)
    sealed = tuple(photos.seal(photo, request.actor) for photo in kept)
    if photos.drops(request):
        return Deed(MOVES[name], words.DEEDS[name], _form(case, name, initial=request.POST.dict()), sealed, stays=True)
    if "evidence" in MOVES[name].needs and not kept:
        refused = refused or _("Please add a photo that shows it.")
    form = _form(case, name, request.POST)
    form.is_valid()
    return Deed(MOVES[name], words.DEEDS[name], form, sealed, refused)


def take(deed: Deed, case: Case, *, actor: Actor) -> None:
    """Take the move with what was filled in.

    Raises: what `cases.move` raises; the photos stay kept.
    """
    given: dict[str, Any] = {name: value for name, value in deed.form.cleaned_data.items() if value not in ("", None)}
    if deed.wants_photos:
        given["evidence"] = photos.unseal(deed.kept, actor)
    with transaction.atomic():
        cases.move(case.pk, deed.move.name, actor=actor, **given)


def after(case: Case, name: str, actor: Actor) -> HttpResponse:
    """Go on to the case, or to the inbox if the move took it out of this actor's sight."""
    still_seen = policy.visible_cases(actor).filter(pk=case.pk).exists()
    place = reverse("case", args=[case.number]) if still_seen else reverse("desk")
    return redirect(f"{place}?done={name}")


def _form(case: Case, name: str, data: Any = None, **kwargs: Any) -> MoveForm:
    asks = MOVES[name].needs
    conditions: Sequence[tuple[str, str]] = choices.conditions(case) if "condition" in asks else ()
    units = choices.units(case) if "unit" in asks else ()
    acts_first = name == "file" and cases.needs_reason_to_file(case)
    return MoveForm(data, asks=asks | {"reason"} if acts_first else asks, conditions=conditions, units=units,
                    acts_first=acts_first, **kwargs)
