"""What condition a component is in (部件状态)."""

from enum import StrEnum


class ComponentState(StrEnum):
    """States of GB/T 30428.2's attribute ObjState; the list itself is local (`domain.md` §1.4)."""

    INTACT = "intact"  # 完好
    DAMAGED = "damaged"  # 破损
    LOST = "lost"  # 丢失
    ABANDONED = "abandoned"  # 废弃
    REMOVED = "removed"  # 移除
    OCCUPIED = "occupied"  # 占用
