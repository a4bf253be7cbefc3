"""Hand a photo to the decoder and understand its answer (照片净化)."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linli.files.domain import decoder
from linli.kernel.errors import Invalid, TooLarge, TooMany

BYTES_AT_MOST: Final = 10 * 1024 * 1024
WALL_S: Final = 20.0
AT_ONCE: Final = 2
_turns = threading.BoundedSemaphore(AT_ONCE)
_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@dataclass(frozen=True, slots=True)
class SafePhoto:
    """A re-encoded JPEG without metadata."""

    jpeg: bytes
    width: int
    height: int


def make_safe(data: bytes) -> SafePhoto:
    """Return the photo in `data` as a fresh JPEG of at most 2048 pixels a side, upright, without metadata.

    Raises: TooLarge above 10 MB, Invalid if it is no photo, has too many pixels or cannot be
        decoded within the limits, TooMany if the decoders are busy for long.
    """
    if len(data) > BYTES_AT_MOST:
        raise TooLarge("files.too_large", "A photo may have at most {most} MB.", field="photo", most=10)
    if not (data.startswith(_STARTS) or data[4:8] == b"ftyp"):
        raise _not_a_photo()
    if not _turns.acquire(timeout=WALL_S):
        raise TooMany("files.busy", "Too many photos at this moment. Please try again.")
    try:
        done = subprocess.run([sys.executable, "-I", str(Path(decoder.__file__))], input=data, capture_output=True,
                              timeout=WALL_S, env={}, check=False)
    except subprocess.TimeoutExpired:
        raise _unreadable() from None
    finally:
        _turns.release()
    return _answer(done.returncode, done.stdout)


def _answer(code: int, out: bytes) -> SafePhoto:
    if code == decoder.NOT_A_PHOTO:
        raise _not_a_photo()
    if code == decoder.TOO_MANY_PIXELS:
        raise Invalid("files.too_many_pixels", "This picture has too many pixels: at most {most} million.",
                      field="photo", most=decoder.PIXELS_AT_MOST // 1_000_000)
    head, line_end, jpeg = out.partition(b"\n")
    if code or not line_end or not jpeg:
        raise _unreadable()
    size = json.loads(head)
    return SafePhoto(jpeg, size["width"], size["height"])


def _not_a_photo() -> Invalid:
    return Invalid("files.not_a_photo", "This is not a photo we can read. Please use JPEG, PNG or WebP.", field="photo")


def _unreadable() -> Invalid:
    return Invalid("files.unreadable", "This photo cannot be read. Please take it again.", field="photo")
