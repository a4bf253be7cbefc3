"""What can only be read from the source text: subscriptions, and terms in comments (源码阅读)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SRC: Final = Path(__file__).parents[2]
PROJECT: Final = SRC.parent


def modules() -> Iterator[Path]:
    """Yield every Python file of the product, in order, but for this generator's own."""
    here = Path(__file__).parent
    yield from (path for path in sorted(SRC.rglob("*.py")) if here not in path.parents)


def strings_of(path: Path) -> set[str]:
    """Return the string constants of a module (字符串常量)."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def terms_of(path: Path) -> dict[str, str]:
    """Return, for the members of an enum, the Chinese term in the comment beside each (术语注释).

    Returns: stored word to term; members without a comment are left out.
    """
    found = re.findall(r'^ +[A-Z_]+ = "([a-z_]+)"  # (.+)$', path.read_text("utf-8"), re.MULTILINE)
    return dict(found)


def moves_terms(path: Path) -> dict[str, str]:
    """Return the Chinese term in the comment beside each `_move(…)` row (环节术语)."""
    return dict(re.findall(r'^ +_move\("([a-z_]+)".*\),  # (.+)$', path.read_text("utf-8"), re.MULTILINE))


def subscriptions() -> dict[str, list[str]]:
    """Return who hears of what (订阅关系): event class to handlers, as `config/wiring.py` says."""
    tree = ast.parse((SRC / "linli/config/wiring.py").read_text("utf-8"))
    heard: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "subscribe":
            event, *handlers = (ast.unparse(argument) for argument in node.args)
            heard.setdefault(event.split(".")[-1], []).extend(handlers)
    return heard


def secured_tables() -> set[str]:
    """Return the tables whose rows the database guards (行级安全), read from the migrations."""
    guarded: set[str] = set()
    for path in SRC.rglob("migrations/0*.py"):
        guarded |= set(re.findall(r"ALTER TABLE (\w+) ENABLE ROW LEVEL SECURITY", path.read_text("utf-8")))
    return guarded
