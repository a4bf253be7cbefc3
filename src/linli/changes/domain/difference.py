"""What a change set made of one row (变更对比)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Deed(StrEnum):
    """What happened to a row."""

    ADDED = "added"  # 新增
    CHANGED = "changed"  # 修改
    REMOVED = "removed"  # 删除


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; None where the row or the value was not there."""

    column: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of one table before and after a change set."""

    table: str
    id: int
    name: str
    deed: Deed
    fields: tuple[FieldChange, ...]


def compared(before: Mapping[str, object] | None, after: Mapping[str, object] | None,
             columns: tuple[str, ...]) -> tuple[Deed, tuple[FieldChange, ...]]:
    """Return what happened to a row, and the columns in which it differs, in their order.

    Args: before, after: the row by column, None if there was none; not both None.
    """
    deed = Deed.ADDED if before is None else Deed.REMOVED if after is None else Deed.CHANGED
    old, new = before or {}, after or {}
    return deed, tuple(FieldChange(c, old.get(c), new.get(c)) for c in columns if old.get(c) != new.get(c))
