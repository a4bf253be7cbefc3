"""Refusals (拒绝): the stable codes of errors, and why a device's message is put aside."""

import ast
from collections.abc import Iterator
from typing import Final, NamedTuple

from linli.kernel import errors
from linli.sensing.domain.refusal import Refusal
from linli_run.reference import markdown, source

KINDS: Final = {kind.__name__: kind for kind in errors.DomainError.__subclasses__()}


class Code(NamedTuple):
    """One stable code with what it says."""

    code: str
    status: int
    message: str


def codes() -> list[Code]:
    """Return every code that the product refuses with (错误代码), read where it is raised, by code."""
    found = {code for path in source.modules() for code in _raised_in(ast.parse(path.read_text("utf-8")))}
    return sorted(found)


def write() -> str:
    """Return the page of refusals."""
    reasons = source.terms_of(source.SRC / "linli/sensing/domain/refusal.py")
    return markdown.page(
        "Refusals",
        "## Errors",
        "A refusal has a code that stays, and a text in the reader's language. Programs go by the code. Words in braces"
        " are filled in and come as `params`.",
        markdown.table(
            ("code", "status", "text"), ((markdown.code(one.code), one.status, one.message) for one in codes())
        ),
        "## Quarantine",
        "A message of which a part cannot be used is put aside with one of these reasons, counted, and can be replayed."
        " What is good in it is stored all the same.",
        markdown.table(("reason", "meaning"), ((markdown.code(r.value), reasons.get(r.value, "")) for r in Refusal)),
    )


def _raised_in(tree: ast.Module) -> Iterator[Code]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        kind = KINDS.get(ast.unparse(node.func).split(".")[-1])
        code, message = (_text(argument) for argument in node.args[:2])
        if kind and code and message:
            yield Code(code, kind.status, message)


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
