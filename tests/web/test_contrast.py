"""Every pair of tokens that meets on a page keeps its ratio: 4.5 for text, 3 for outlines."""

import re

import pytest
from hatch_build import FRONTEND

TOKENS = (FRONTEND / "src" / "styles" / "_tokens.scss").read_text(encoding="utf-8")
GROUNDS = ("paper", "surface", "surface-2")
LEVELS = ("blue", "yellow", "orange", "red")


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", block))


def block_after(head: str) -> dict[str, str]:
    start = TOKENS.index(head) + len(head)
    return colours(TOKENS[start:TOKENS.index("\n}", start)])


LIGHT = block_after(":root {")
DARK = LIGHT | block_after("@include dark.root {")
ELDER = LIGHT | block_after(':root[data-mode="elder"] {')
DARK_ELDER = DARK | block_after("""@include dark.root('[data-mode="elder"]') {""")
LOOKS = {"light": LIGHT, "dark": DARK, "elder": ELDER, "dark elder": DARK_ELDER}

TEXT = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "jade") for ground in GROUNDS]
TEXT += [("on-jade", "jade"), ("on-late", "late"), ("on-hero", "hero"), ("bad", "surface"), ("bad", "bad-soft")]
TEXT += [("ink-2", "jade-soft"), ("jade", "jade-soft"), ("ink", "surface-3")]
TEXT += [pair for level in LEVELS for pair in ((f"on-{level}", level), (f"{level}-text", "surface"))]
TEXT += [("m-label", "m-halo"), ("m-label-2", "m-halo"), ("m-label-2", "m-road"), ("m-label-2", "m-water")]
OUTLINES = [("edge", "surface"), ("edge", "paper"), ("s1", "surface"), ("jade", "surface")]


def luminance(colour: str) -> float:
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(look, ink, ground):
    assert ratio(LOOKS[look][ink], LOOKS[look][ground]) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("ink", "ground"), OUTLINES)
def test_an_outline_can_be_seen(look, ink, ground):
    assert ratio(LOOKS[look][ink], LOOKS[look][ground]) >= 3


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_stands_out_by_its_outline_in_light_and_by_its_fill_in_dark(level):
    assert ratio(LIGHT[f"{level}-edge"], LIGHT["surface"]) >= 3
    assert ratio(DARK[level], DARK["surface"]) >= 3


def test_large_type_is_darker_than_normal_type():
    assert ratio(ELDER["ink-3"], ELDER["surface"]) >= 8.5
    assert ratio(ELDER["edge"], ELDER["surface"]) >= 6


def test_black_on_white_is_twenty_one():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
