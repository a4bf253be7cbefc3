"""Every template of every room keeps to the content policy and to the sprite."""

import json
import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from hatch_build import FRONTEND, ROOT

TEMPLATES = sorted((ROOT / "src").glob("linli/*/templates/**/*.html"))
NOT_ALLOWED = {
    "an inline style": re.compile(r"\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style", re.I),
    "a script of its own": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", re.I),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "an evaluated HTMX attribute": re.compile(r"\shx-(on|vals\s*=\s*[\"']js:)", re.I),
    "a javascript address": re.compile(r"javascript:", re.I),
    "an address outside": re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//", re.I),
}


def name_of(path: Path) -> str:
    return path.as_posix().split("/templates/")[1]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_nothing_the_content_policy_refuses(path):
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in NOT_ALLOWED.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_compiles(path):
    get_template(name_of(path))


def test_every_icon_named_is_in_the_sprite():
    drawn = set(json.loads((FRONTEND / "src" / "icons.json").read_text(encoding="utf-8")))
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8"))}
    assert named - drawn == set()


@pytest.mark.parametrize("bad", [
    '<p style="color:red">', "<style>", "<script>x()</script>", '<a onclick="x()">', '<a href="javascript:x()">',
    '<img src="https://example.org/a.png">', "<b hx-vals='js:x'>"])
def test_the_patterns_do_see_what_they_forbid(bad):
    assert any(pattern.search(bad) for pattern in NOT_ALLOWED.values())
