"""What else is written beside a case's moves (案件备注), by Linli itself."""

from enum import StrEnum


class Remark(StrEnum):
    """One kind of remark in a case's steps."""

    OPENED = "opened"  # 生成案件
    MERGED = "merged"  # 并入来报
    LEVEL_RAISED = "level_raised"  # 级别上调
    SENSOR_RECOVERED = "sensor_recovered"  # 监测恢复正常
    SENSOR_STILL_OVER = "sensor_still_over"  # 结案时监测仍超限
