"""Presets (预置数据): which knowledge is shipped, where it comes from, and whether anybody verified it."""

import json
from collections import Counter
from typing import Any, Final

from linli.kernel import presets
from linli_run.reference import markdown

MARKS: Final = ("scheme", "version", "source", "verified")


def origins() -> list[tuple[str, int, tuple[Any, ...]]]:
    """Return per table and origin the number of its rows (来源统计): name, rows, the four marks.

    Raises: LookupError if a row does not say where it comes from.
    """
    found: list[tuple[str, int, tuple[Any, ...]]] = []
    for path in sorted(presets.folder().rglob("*.json")):
        name = path.relative_to(presets.folder()).with_suffix("").as_posix()
        content = json.loads(path.read_text("utf-8"))
        rows = content if isinstance(content, list) else [content]
        if unmarked := [row for row in rows if not all(mark in row for mark in MARKS)]:
            raise LookupError(f"presets/{name}.json: {unmarked[0]} lacks one of {MARKS}")
        counted = Counter(tuple(row[mark] for mark in MARKS) for row in rows)
        found += [(name, count, marks) for marks, count in sorted(counted.items(), key=str)]
    return found


def write() -> str:
    """Return the page of presets."""
    rows = (
        (markdown.code(f"presets/{name}.json"), count, scheme, version, origin, "yes" if verified else "**no**")
        for name, count, (scheme, version, origin, verified) in origins()
    )
    return markdown.page(
        "Presets",
        "Tables shipped with Linli, to be edited by the deploying city. *Verified* = somebody compared the rows with"
        " the named source. What is not verified is a proposal: ask your city before you rely on it.",
        markdown.table(("file", "rows", "scheme", "version", "source", "verified"), rows),
    )
