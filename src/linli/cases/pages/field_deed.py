"""What somebody tells on site (现场办理): photos, a few words, and which of the two things is so."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from linli.cases import actions as cases
from linli.cases.domain.given import REASON_LENGTH
from linli.cases.domain.workflow import move_named
from linli.cases.models import Case
from linli.cases.pages import photos
from linli.cases.pages.refusals import said
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError

PHOTOS_AT_MOST: Final = 3
UNPROCESSABLE: Final = 422
DEEDS: Final = {  # what can be found on site; the first of two is the one that carries the case forward
    "verify": pgettext_lazy("on site", "It is so"),
    "not_found": pgettext_lazy("on site", "Not there"),
    "check": pgettext_lazy("on site", "It is fixed"),
    "send_back": pgettext_lazy("on site", "Not fixed"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """The form as it now stands.

    Attributes:
        kept: sealed photos that came with an earlier try, `photos` their ids.
        stays: whether the form is shown again without asking for anything: a photo was taken out of it.
        error, field: why the deed was refused, and which part of the form that concerns.
    """

    move: str = ""
    text: str = ""
    photos: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    stays: bool = False
    error: str = ""
    field: str = ""
    status: int = 200

    @property
    def room(self) -> int:
        """Return how many more photos there is room for."""
        return PHOTOS_AT_MOST - len(self.kept)


def blank() -> Told:
    """Return the form before anything was told."""
    return Told()


def told(request: HttpRequest, move: str) -> Told:
    """Return what was sent, its photos kept whatever else is wrong with it."""
    before = photos.carried(request)
    ids, refused = photos.take(request, before, most=PHOTOS_AT_MOST)
    sealed = tuple(photos.seal(photo, request.actor) for photo in ids)
    text = request.POST.get("text", "").replace("\x00", "").strip()[:2 * REASON_LENGTH]
    return Told(move, text, ids, sealed, stays=photos.drops(request), error=refused,
                field="evidence" if refused else "")


def take(told: Told, case: Case, *, actor: Actor) -> Told | None:
    """Take the move with what was told and return None, or the form with why not."""
    if told.error:
        return replace(told, status=UNPROCESSABLE)
    if told.move not in DEEDS:
        return replace(told, error=_("Please say which of the two is so."), field="move", status=UNPROCESSABLE)
    try:
        with transaction.atomic():
            cases.move(case.pk, told.move, actor=actor, **_given(told))
    except DomainError as error:
        return replace(told, error=said(error), field=str(error.params.get("field", "")), status=error.status)
    return None


def _given(told: Told) -> dict[str, Any]:
    """Return what the move is handed: the words are its reason where it asks for one, else a note."""
    words = {"reason" if "reason" in move_named(told.move).needs else "note": told.text} if told.text else {}
    return words | ({"evidence": told.photos} if told.photos else {})


def offered(allowed: Collection[str]) -> list[tuple[str, str | Promise]]:
    """Return the findings that this person may tell now, each with its word."""
    return [(name, word) for name, word in DEEDS.items() if name in allowed]
