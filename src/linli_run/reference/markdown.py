"""Pieces of a Markdown page (页面片段)."""

from collections.abc import Iterable, Sequence
from typing import Final

WRITTEN_BY: Final = "*Written from the code by `python -m linli_run.reference docs/reference`; do not edit.*"


def page(title: str, *parts: str) -> str:
    """Return a whole page: title, who wrote it, and its parts (整页)."""
    return "\n\n".join((f"# {title}", WRITTEN_BY, *(part.strip("\n") for part in parts if part))) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table (表格); a bar or a line end inside a cell is made harmless."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def code(text: object) -> str:
    """Return `text` set as code, nothing if it is empty."""
    return f"`{text}`" if text not in ("", None) else ""


def first_sentence(docstring: str | None) -> str:
    """Return the first paragraph of a docstring in one line, empty if there is none (首句)."""
    return " ".join((docstring or "").strip().split("\n\n")[0].split())


def _cell(cell: object) -> str:
    return " ".join(str(cell).replace("|", "\\|").split())
