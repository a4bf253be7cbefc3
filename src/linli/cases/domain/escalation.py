"""Who else is told when a case reaches a level (逐级告知): rows of a table, by category and level."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from linli.kernel.level import Level
from linli.kernel.role import Role

ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Escalation:
    """These posts are told once a case of this category, or of any, reaches this level."""

    category: str
    level: Level
    posts: tuple[Role, ...]


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[Escalation, ...]:
    """Return the table (装入逐级告知); raise ValueError for an unknown level or post."""
    return tuple(Escalation(str(row["category"]), Level.from_word(row["level"]), tuple(map(Role, row["posts"])))
                 for row in rows)


def told_at(table: Iterable[Escalation], category: str, *, before: Level, after: Level) -> tuple[Role, ...]:
    """Return the posts to be told when a case rises from one level to another (应告知岗位), each once."""
    return tuple(dict.fromkeys(post for row in table if row.category in (category, ANY) and before < row.level <= after
                               for post in row.posts))
