"""Photos of strangers: what comes out holds nothing but pixels, and a bomb hurts nobody."""

import io
import struct
import zlib
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from linli.files import actions, queries
from linli.files.domain import making_safe, store
from linli.files.models import Photo
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS, Actor
from linli.kernel.errors import Conflict, Invalid, NotFound, TooLarge

GPS, ORIENTATION, ARTIST = 0x8825, 0x0112, 0x013B


def photo_bytes(size=(60, 40), kind="JPEG", mode="RGB", colour="red", **save) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **save)
    return out.getvalue()


def with_exif(orientation=1) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = orientation, "Zhang San"
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 15.0, 1.0), 3: "E", 4: (120.0, 10.0, 1.0)})
    return photo_bytes(exif=exif)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG that says it is huge and whose data is a few bytes."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join([b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0" * 1000)),
                     chunk(b"IEND", b"")])


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


def test_no_metadata_and_no_place_is_kept():
    assert opened(with_exif()).getexif().get_ifd(GPS)
    jpeg = making_safe.make_safe(with_exif()).jpeg
    assert not opened(jpeg).getexif()
    assert b"Zhang San" not in jpeg
    assert "exif" not in opened(jpeg).info


def test_no_comment_is_kept_either():
    told = photo_bytes(comment=b"Zhang San, 120.1 30.2")
    assert b"Zhang San" in told
    assert b"Zhang San" not in making_safe.make_safe(told).jpeg


def test_a_photo_held_sideways_comes_out_upright():
    safe = making_safe.make_safe(with_exif(orientation=6))
    assert (safe.width, safe.height) == (40, 60) == opened(safe.jpeg).size


def test_a_large_photo_is_made_smaller():
    safe = making_safe.make_safe(photo_bytes(size=(4000, 3000)))
    assert (safe.width, safe.height) == (2048, 1536)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK"), ("PNG", "L")]
)
def test_every_kind_comes_out_as_a_jpeg(kind, mode):
    safe = making_safe.make_safe(photo_bytes(kind=kind, mode=mode, colour=0 if mode in ("P", "L") else "red"))
    assert opened(safe.jpeg).format == "JPEG"
    assert opened(safe.jpeg).mode == "RGB"


def test_what_is_see_through_becomes_white():
    safe = making_safe.make_safe(photo_bytes(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    assert opened(safe.jpeg).getpixel((5, 5)) == (255, 255, 255)


def test_more_than_ten_megabytes_is_refused_before_it_is_looked_at():
    with pytest.raises(TooLarge):
        making_safe.make_safe(b"\xff\xd8\xff" + b"\0" * 10 * 1024 * 1024)


@pytest.mark.parametrize("data", [b"", b"hello", b"GIF89a" + b"\0" * 50, b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                                  b"\xff\xd8\xff" + b"\0" * 100, b"RIFF" + b"\0" * 100, b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_photo_is_refused(data):
    with pytest.raises(Invalid):
        making_safe.make_safe(data)


def test_a_half_sent_photo_is_refused():
    with pytest.raises(Invalid) as refusal:
        making_safe.make_safe(photo_bytes(size=(800, 600), kind="PNG")[:-40])
    assert refusal.value.code in ("files.unreadable", "files.not_a_photo")


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (2**31 - 1, 2), (8001, 8000)])
def test_a_pixel_bomb_is_refused_by_its_size(width, height):
    with pytest.raises(Invalid) as refusal:
        making_safe.make_safe(png_claiming(width, height))
    assert refusal.value.code in ("files.too_many_pixels", "files.not_a_photo")


@pytest.fixture
def use_decoder(monkeypatch, tmp_path):
    """Let photos be decoded by a changed decoder: words of its source replaced by others."""
    source = Path(making_safe.decoder.__file__).read_text(encoding="utf-8")

    def change(*changes: tuple[str, str]) -> None:
        changed = source
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new)
        (tmp_path / "decoder.py").write_text(changed, encoding="utf-8")
        monkeypatch.setattr(making_safe.decoder, "__file__", str(tmp_path / "decoder.py"))

    return change


def test_a_bomb_that_unpacks_beyond_the_memory_dies_alone(use_decoder):
    bomb = photo_bytes(size=(7000, 7000), kind="PNG")
    assert len(bomb) < 300_000
    use_decoder(("MEMORY_BYTES: Final = 1 << 30", "MEMORY_BYTES: Final = 170 << 20"))
    assert making_safe.make_safe(photo_bytes()).width == 60
    with pytest.raises(Invalid) as refusal:
        making_safe.make_safe(bomb)
    assert refusal.value.code == "files.unreadable"


def test_a_decoder_that_hangs_is_stopped(use_decoder, monkeypatch):
    use_decoder(("    _limit_self()\n", "    import time\n    time.sleep(60)\n"))
    monkeypatch.setattr(making_safe, "WALL_S", 0.5)
    with pytest.raises(Invalid):
        making_safe.make_safe(photo_bytes())


def test_a_decoder_that_burns_time_is_killed_by_its_own_limit(use_decoder):
    use_decoder(("CPU_S: Final = 10", "CPU_S: Final = 1"),
                ("    from PIL import Image, UnidentifiedImageError\n", "    while True: pass\n"))
    with pytest.raises(Invalid):
        making_safe.make_safe(photo_bytes())


def test_a_kept_photo_is_read_back_as_it_was_made(system):
    photo = actions.keep_photo(with_exif(), actor=ANONYMOUS)
    data = queries.read(photo.pk)
    assert len(data) == photo.size_bytes
    assert opened(data).size == (photo.width, photo.height) == (60, 40)


def test_an_unknown_photo_is_not_found(system):
    with pytest.raises(NotFound):
        queries.read(uuid4())


def test_a_photo_serves_once_and_only_whoever_kept_it(system):
    photo = actions.keep_photo(photo_bytes(), actor=ANONYMOUS)
    with pytest.raises(Invalid):
        actions.use([photo.pk], for_what="case_report:1", actor=Actor("user:1"))
    actions.use([photo.pk], for_what="case_report:1", actor=ANONYMOUS)
    actions.use([photo.pk], for_what="case_report:1", actor=ANONYMOUS)
    with pytest.raises(Conflict):
        actions.use([photo.pk], for_what="case_report:2", actor=ANONYMOUS)


def test_what_nobody_used_for_a_day_goes_with_its_bytes_and_the_rest_stays(system):
    old, used, new = (actions.keep_photo(photo_bytes(), actor=ANONYMOUS) for _ in range(3))
    actions.use([used.pk], for_what="case_report:1", actor=ANONYMOUS)
    Photo.objects.filter(pk__in=[old.pk, used.pk]).update(kept_at=clock.now() - timedelta(days=2))
    assert actions.sweep() == 1
    assert not store.path_of(queries.folder(), old.pk).exists()
    assert queries.read(used.pk)
    assert queries.read(new.pk)


def test_bytes_without_a_row_are_swept(system, monkeypatch):
    stray = uuid4()
    store.write(queries.folder(), stray, b"left by a rolled back upload")
    actions.sweep()
    assert store.path_of(queries.folder(), stray).exists()
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    actions.sweep()
    assert not store.path_of(queries.folder(), stray).exists()
