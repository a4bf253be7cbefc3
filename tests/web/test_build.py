"""What is built is whole, small enough, and built again only when its sources change."""

import gzip
import json

import hatch_build
import pytest
from hatch_build import BUILT, FRONTEND, STAMP

LIMITS_KB = {"main": 30, "map": 6, "view": 310, "place-picker": 4, "chart": 190}


@pytest.fixture(scope="module", autouse=True)
def built():
    hatch_build.build()


def test_every_file_the_manifest_names_is_there_with_its_twin():
    made = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    files = [made["script"], made["icons"], made["favicon"], *made["styles"], *made["preload"]]
    assert made["styles"]
    for name in files:
        assert gzip.decompress((BUILT / f"{name}.gz").read_bytes()) == (BUILT / name).read_bytes()


@pytest.mark.parametrize(("name", "limit"), LIMITS_KB.items())
def test_a_part_of_the_front_end_keeps_its_weight(name, limit):
    [twin] = (BUILT / "assets").glob(f"{name}-????????.js.gz")
    assert twin.stat().st_size / 1000 <= limit


def test_nothing_is_fetched_from_outside():
    for path in BUILT.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "url(http" not in text
        assert "url(//" not in text
    assert "registry" not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")


def test_the_stamp_is_of_exactly_these_sources(tmp_path, monkeypatch):
    assert STAMP.read_text(encoding="ascii") == hatch_build.sources_digest()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.ts").write_text("one")
    monkeypatch.setattr(hatch_build, "FRONTEND", tmp_path)
    first = hatch_build.sources_digest()
    (tmp_path / "src" / "main.ts").write_text("two")
    assert hatch_build.sources_digest() != first


def test_what_is_already_built_is_left_alone(monkeypatch):
    monkeypatch.setattr(hatch_build, "_npm", lambda *_: pytest.fail("built again"))
    hatch_build.build_frontend()


def test_a_changed_catalogue_is_compiled_again(tmp_path, monkeypatch):
    folder = tmp_path / "src" / "room" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
                                      'msgid "Case"\nmsgstr "案件"\n', encoding="utf-8")
    monkeypatch.setattr(hatch_build, "ROOT", tmp_path)
    hatch_build.compile_catalogues()
    assert "案件".encode() in (folder / "django.mo").read_bytes()
