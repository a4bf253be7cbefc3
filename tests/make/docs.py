"""The pages of the documentation, as tests read them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("README*.md")), ROOT / "CONTRIBUTING.md"]
WRITTEN_BY_HAND = [page for page in GUIDES if page.parent.name != "reference"]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return language and text of each fenced block."""
    return FENCE.findall(page.read_text("utf-8"))


def spoken(page: Path) -> str:
    """Return the page without its fenced blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def commands(page: Path) -> list[str]:
    """Return each line that is to be typed, without the comment behind it."""
    shell = [text.replace("\\\n", " ") for language, text in blocks(page) if language in {"sh", "bash"}]
    lines = [line for text in shell for line in text.splitlines()]
    return [typed for line in lines if (typed := re.sub(r"(^|\s)#.*$", "", line).strip())]


def coded(page: Path) -> list[str]:
    """Return everything the page sets as code: the lines of its blocks, and the pieces in its sentences."""
    inline = [" ".join(piece.split()) for piece in re.findall(r"`([^`]+)`", spoken(page))]
    return commands(page) + inline
