import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from linli.audit import actions as audit
from linli.files import queries
from linli.files.domain import store
from linli.files.domain.making_safe import make_safe
from linli.files.models import Photo
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, Invalid

UNUSED_KEPT: Final = timedelta(days=1)
STRAYS_SOUGHT: Final = timedelta(days=8)


def keep_photo(data: bytes, *, actor: Actor, taken_at: datetime | None = None) -> Photo:
    """Make a photo safe, keep it, return its row (保存照片).

    It belongs to nothing yet: `use` ties it to a report or a step; else it goes after a day.

    Raises: TooLarge, Invalid or TooMany, as `making_safe.make_safe` says.
    """
    safe = make_safe(data)
    photo_id = uuid4()
    store.write(queries.folder(), photo_id, safe.jpeg)
    return Photo.objects.create(
        id=photo_id, sha256=hashlib.sha256(safe.jpeg).digest(), width=safe.width, height=safe.height,
        size_bytes=len(safe.jpeg), kept_by=actor.ref, kept_at=clock.now(), taken_at=taken_at,
    )


@transaction.atomic
def use(photo_ids: Sequence[UUID], *, for_what: str, actor: Actor) -> None:
    """Tie photos to the one thing they belong to (照片归属), such as `case_report:12`.

    Raises: Invalid if one is not there or was kept by somebody else, Conflict if it is in use.
    """
    photos = list(Photo.objects.select_for_update().filter(pk__in=photo_ids, kept_by=actor.ref).order_by("pk"))
    if len(photos) != len(set(photo_ids)):
        raise Invalid("files.no_such_photo", "A photo is not there any more. Please take it again.", field="photos")
    if any(photo.used_for not in ("", for_what) for photo in photos):
        raise Conflict("files.in_use", "A photo already belongs to something else.", field="photos")
    Photo.objects.filter(pk__in=photo_ids).update(used_for=for_what)


def sweep() -> int:
    """Remove the photos nobody used for a day and the bytes without a row; return how many (清理照片)."""
    now = clock.now()
    with transaction.atomic():
        unused = Photo.objects.filter(used_for="", kept_at__lt=now - UNUSED_KEPT).select_for_update(skip_locked=True)
        gone = list(unused.values_list("pk", flat=True))
        Photo.objects.filter(pk__in=gone).delete()
        if gone:
            audit.record("files.sweep", actor=Actor.system("files"), target="files:photos", removed=len(gone))
    strays = list(store.written_between(queries.folder(), now - STRAYS_SOUGHT, now - UNUSED_KEPT))
    known = queries.known_among([path.stem for path in strays])
    for path in strays:
        if path.stem not in known:
            path.unlink(missing_ok=True)
    for photo_id in gone:
        store.remove(queries.folder(), photo_id)
    return len(gone)
