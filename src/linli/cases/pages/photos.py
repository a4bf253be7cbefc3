"""Photos coming in with a form and going out to a page (照片收发)."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from linli.cases.pages.refusals import said
from linli.files import actions as files
from linli.files import queries as kept
from linli.files.domain.making_safe import BYTES_AT_MOST
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError, NotFound

FIELD: Final = "photos"
DROP: Final = "drop"
KEPT_S: Final = 24 * 3600


def take(request: HttpRequest, so_far: Sequence[str], *, most: int) -> tuple[tuple[str, ...], str]:
    """Keep the photos of this form and return the ids of all, and why the first refused one was refused.

    One that cannot be read never takes the others with it.
    """
    ids, refused = list(so_far), ""
    for file in request.FILES.getlist(FIELD):
        if len(ids) >= most:
            refused = refused or gettext("At most {most} photos.").format(most=most)
            break
        try:
            ids.append(str(files.keep_photo(file.read(BYTES_AT_MOST + 1), actor=request.actor).pk))
        except DomainError as error:
            refused = refused or said(error)
    return tuple(ids), refused


def seal(photo_id: str, actor: Actor) -> str:
    """Return a photo's id as a form may carry it: only this actor, and only for a day, can hand it back."""
    return signing.TimestampSigner(salt=f"linli.photo.{actor.ref}").sign(photo_id)


def unseal(sealed: Sequence[str], actor: Actor) -> tuple[str, ...]:
    """Return the ids in what a form brought back; what was not sealed for this actor is left out."""
    signer = signing.TimestampSigner(salt=f"linli.photo.{actor.ref}")
    ids = []
    for one in dict.fromkeys(sealed):
        try:
            ids.append(signer.unsign(one, max_age=KEPT_S))
        except signing.BadSignature:
            continue
    return tuple(ids)


def carried(request: HttpRequest) -> tuple[str, ...]:
    """Return the ids of the photos that a form carries from an earlier try, without the one just taken out."""
    dropped = request.POST.get(DROP, "")
    return unseal([sealed for sealed in request.POST.getlist("kept") if sealed != dropped], request.actor)


def drops(request: HttpRequest) -> bool:
    """Return whether the form was sent only to take one photo out of it (移除照片)."""
    return DROP in request.POST


def send(photo_id: UUID) -> HttpResponse:
    """Answer with a photo's bytes; the caller has asked whether they may be seen."""
    response = HttpResponse(kept.read(photo_id), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def send_sealed(sealed: str, actor: Actor) -> HttpResponse:
    """Answer with a photo that a form of this actor carries.

    Raises: NotFound if it was not sealed for this actor.
    """
    found = unseal([sealed], actor)
    if not found:
        raise NotFound("files.no_photo", "There is no such photo.")
    return send(UUID(found[0]))
