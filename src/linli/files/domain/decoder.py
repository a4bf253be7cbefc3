"""Make one photo safe (照片解码), as a process of its own: `python -I decoder.py < original > safe`.

What strangers send is opened only here, under limits of memory, processor time and pixels, so that a
bomb kills nothing but this process. Standard output: one line of JSON (width, height), then a JPEG.
It imports nothing of Linli, so that it starts alone and fast, and Pillow only once the limits stand.
"""

import importlib
import io
import json
import resource
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

MEMORY_BYTES: Final = 1 << 30
CPU_S: Final = 10
PIXELS_AT_MOST: Final = 64_000_000
LONGEST_SIDE_PX: Final = 2048
JPEG_QUALITY: Final = 85
NOT_A_PHOTO: Final = 3
TOO_MANY_PIXELS: Final = 4


def main() -> int:
    """Read a photo, write the safe one, return the exit code."""
    _limit_self()
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None
    try:
        image = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=_formats())
    except (UnidentifiedImageError, SyntaxError, ValueError):
        return NOT_A_PHOTO
    if image.width * image.height > PIXELS_AT_MOST:
        return TOO_MANY_PIXELS
    safe = _upright_rgb(image)
    out = io.BytesIO()
    safe.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    sys.stdout.buffer.write(json.dumps({"width": safe.width, "height": safe.height}).encode() + b"\n")
    sys.stdout.buffer.write(out.getvalue())
    return 0


def _limit_self() -> None:
    for kind, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_S), (resource.RLIMIT_CORE, 0),
                        (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(kind, (limit, limit))


def _formats() -> list[str]:
    known = ["JPEG", "PNG", "WEBP"]
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError:
        return known
    return [*known, "HEIF"]


def _upright_rgb(image: "Image.Image") -> "Image.Image":
    """Return a fresh image of nothing but pixels: small enough, upright, RGB on white."""
    from PIL import Image, ImageOps

    if image.format == "JPEG":
        image.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    orientation = image.getexif().get(0x0112)
    if image.mode not in ("RGB", "L"):
        image = image.convert("RGBA")
    image.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    image.getexif()[0x0112] = orientation or 1
    image = ImageOps.exif_transpose(image)
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    safe = Image.new("RGB", image.size)
    safe.paste(image.convert("RGB"))
    return safe


if __name__ == "__main__":
    sys.exit(main())
