"""Roles (角色): of people's posts, and of the database."""

from typing import Final

from linli.cases.domain import queues, sight, workflow
from linli.kernel.actor import Actor, Post
from linli.kernel.role import Role
from linli_run import roles as database
from linli_run.reference import markdown, source

DATABASE: Final = (
    (database.OWNER, "owns tables, functions and policies", "`linli migrate`"),
    (
        database.APP,
        "reads and writes rows inside the scope of the transaction; owns nothing",
        "web, worker, live, tests",
    ),
    (database.INGEST, "owns the tables of readings and makes their partitions; sees no case", "ingest"),
)


def write() -> str:
    """Return the page of roles."""
    terms = source.terms_of(source.SRC / "linli/kernel/role.py")
    rows = (
        (markdown.code(role.value), terms.get(role.value, ""), _sees(role),
         ", ".join(markdown.code(move.name) for move in workflow.MOVES.values() if move.role is role),
         ", ".join(map(markdown.code, _own_queues(role))))
        for role in Role
    )  # fmt: skip
    return markdown.page(
        "Roles",
        "A post is a role over an area, held for a time; a unit's post names the unit. What a person may do is what"
        " their posts allow. There is no superuser.",
        markdown.table(("role", "中文", "cases it sees", "moves", "queues of its own"), rows),
        "## Roles of the database",
        "None is superuser, none passes by row security. Their making is in"
        " [own PostgreSQL](../how-to/own-postgresql.md).",
        markdown.table(("role", "what it may", "used by"), ((markdown.code(n), may, by) for n, may, by in DATABASE)),
    )


def _sees(role: Role) -> str:
    if role is Role.UNIT:
        return "those given to its unit"
    return "those of its area" if role in sight.SEES_AREA else "none"


def _own_queues(role: Role) -> list[str]:
    actor = Actor("user:0", (Post(role.value),))
    return [name for name in queues.queues_of(actor) if queues.QUEUES[name].role is role]
