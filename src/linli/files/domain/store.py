"""Where the bytes lie (文件存放): one file per id under one folder, written whole or not at all."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID


def path_of(folder: Path, photo_id: UUID) -> Path:
    """Return where the photo `photo_id` lies: spread over 256 folders."""
    return folder / photo_id.hex[:2] / f"{photo_id}.jpg"


def write(folder: Path, photo_id: UUID, data: bytes) -> None:
    """Write the photo so that after a crash it is there whole or not there."""
    path = path_of(folder, photo_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder_fd = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder_fd)
    finally:
        os.close(folder_fd)


def remove(folder: Path, photo_id: UUID) -> None:
    """Remove the photo's bytes; that they are gone already is no error."""
    path_of(folder, photo_id).unlink(missing_ok=True)


def written_between(folder: Path, start: datetime, end: datetime) -> Iterator[Path]:
    """Yield the files last written within [start, end), whole ones and parts."""
    for path in folder.glob("??/*"):
        if start.timestamp() <= path.stat().st_mtime < end.timestamp():
            yield path
