"""What else is written beside a case's moves (案件备注), by Linli itself."""

from enum import StrEnum
from typing import Final


class Remark(StrEnum):
    """One kind of remark in a case's steps."""

    OPENED = "opened"  # 生成案件
    MERGED = "merged"  # 并入来报
    LEVEL_RAISED = "level_raised"  # 级别上调
    SENSOR_RECOVERED = "sensor_recovered"  # 监测恢复正常
    SENSOR_STILL_OVER = "sensor_still_over"  # 结案时监测仍超限
    DISPUTED = "disputed"  # 两次回退, 待裁决
    HANDED_OVER = "handed_over"  # 单位停用, 移交接替单位
    REROUTED = "rerouted"  # 单位停用, 未派遣案件改由接替单位
    HANDED_BACK = "handed_back"  # 单位恢复, 案件归还
    DUE_CHANGED = "due_changed"  # 工作日历更新, 期限重算
    ACCEPT_OVERDUE = "accept_overdue"  # 受理超时
    FILE_OVERDUE = "file_overdue"  # 立案超时
    DISPATCH_OVERDUE = "dispatch_overdue"  # 派遣超时
    CHECK_OVERDUE = "check_overdue"  # 核查超时
    CLOSE_OVERDUE = "close_overdue"  # 结案超时
    VERIFY_OVERDUE = "verify_overdue"  # 核实超时
    LIMIT_NEAR = "limit_near"  # 时限将到 (80 %)
    LIMIT_OVER = "limit_over"  # 超时 (100 %)
    SUPERVISED = "supervised"  # 督办 (150 %)
    LEADER_TOLD = "leader_told"  # 报领导 (200 %)
    RESUMED = "resumed"  # 挂账到期, 自动恢复计时
    TOLD_APART = "told_apart"  # 判定不是同一案件
    CASE_MERGED = "case_merged"  # 并入另一案件
    MERGED_INTO = "merged_into"  # 并入主案
    CASE_LEFT = "case_left"  # 并入的案件拆出
    UNMERGED = "unmerged"  # 从主案拆出
    SPLIT_OFF = "split_off"  # 来报拆出另立案件


GIVES_A_UNIT: Final = frozenset({"dispatch", Remark.HANDED_OVER.value, Remark.HANDED_BACK.value})
