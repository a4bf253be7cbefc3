from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings

from linli.files.domain import store
from linli.files.models import Photo
from linli.kernel.errors import NotFound


def folder() -> Path:
    """Return the folder of all photos."""
    return Path(settings.LINLI_HOME) / "files"


def read(photo_id: UUID) -> bytes:
    """Return the JPEG bytes of a photo (读取照片). The caller must have asked whether they may be seen.

    Raises: NotFound if there is no such photo.
    """
    path = store.path_of(folder(), photo_id)
    if not Photo.objects.filter(pk=photo_id).exists() or not path.is_file():
        raise NotFound("files.no_photo", "There is no such photo.")
    return path.read_bytes()


def known_among(names: Collection[str]) -> set[str]:
    """Return which of these file names without ending are photos that have a row."""
    ids = [UUID(name) for name in names if _is_id(name)]
    return {str(pk) for pk in Photo.objects.filter(pk__in=ids).values_list("pk", flat=True)}


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
