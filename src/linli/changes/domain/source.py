"""By which door a change came in (变更来源)."""

from enum import StrEnum


class Source(StrEnum):
    """What kind of hand made a change set."""

    BY_HAND = "by_hand"  # 人工
    IMPORT = "import"  # 批量导入
    PROGRAM = "program"  # 系统
    UNDO = "undo"  # 撤销
    FOUNDING = "founding"  # 建档: what stood in a table when its history began; cannot be undone
