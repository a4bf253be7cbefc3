"""In what a limit is counted (时限单位): five units, each running its own way.

Source: practice around GB/T 30428.8 国家标准《数字化城市管理信息系统 第8部分：立案、处置和结案》: the emergency units
run in natural time, day and night; working hours and working days run only in working periods.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class LimitUnit(StrEnum):
    """In what a limit is counted (时限单位)."""

    EMERGENCY_HOUR = "emergency_hour"  # 紧急工作时
    EMERGENCY_DAY = "emergency_day"  # 紧急工作日
    WORKING_HOUR = "working_hour"  # 工作时
    WORKING_DAY = "working_day"  # 工作日
    NATURAL_DAY = "natural_day"  # 自然日


NATURAL_TIME: Final = {
    LimitUnit.EMERGENCY_HOUR: timedelta(hours=1),
    LimitUnit.EMERGENCY_DAY: timedelta(days=1),
    LimitUnit.NATURAL_DAY: timedelta(days=1),
}
