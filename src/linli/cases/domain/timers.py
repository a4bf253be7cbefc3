"""What falls due with a case (案件计时): a row each, fired once by the worker."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final

from linli.calendar.domain.days import WorkingDays
from linli.cases.domain.limits import NEAR_SHARE, Clock
from linli.cases.domain.remarks import Remark


class TimerKind(StrEnum):
    """What falls due (计时种类)."""

    NEAR = "near"  # 用去 80 %
    DUE = "due"  # 到期
    SUPERVISE = "supervise"  # 150 %, 督办
    LEADER = "leader"  # 200 %, 报领导
    RESUME = "resume"  # 挂账到期
    ACCEPT_DUE = "accept_due"  # 受理到期
    FILE_DUE = "file_due"  # 立案到期
    VERIFY_DUE = "verify_due"  # 核实到期
    DISPATCH_DUE = "dispatch_due"  # 派遣到期
    CHECK_DUE = "check_due"  # 核查到期
    CLOSE_DUE = "close_due"  # 结案到期


SHARES: Final = {
    TimerKind.NEAR: NEAR_SHARE,
    TimerKind.DUE: Fraction(1),
    TimerKind.SUPERVISE: Fraction(3, 2),
    TimerKind.LEADER: Fraction(2),
}
SAYS: Final = {
    TimerKind.NEAR: Remark.LIMIT_NEAR,
    TimerKind.DUE: Remark.LIMIT_OVER,
    TimerKind.SUPERVISE: Remark.SUPERVISED,
    TimerKind.LEADER: Remark.LEADER_TOLD,
    TimerKind.RESUME: Remark.RESUMED,
    TimerKind.ACCEPT_DUE: Remark.ACCEPT_OVERDUE,
    TimerKind.FILE_DUE: Remark.FILE_OVERDUE,
    TimerKind.VERIFY_DUE: Remark.VERIFY_OVERDUE,
    TimerKind.DISPATCH_DUE: Remark.DISPATCH_OVERDUE,
    TimerKind.CHECK_DUE: Remark.CHECK_OVERDUE,
    TimerKind.CLOSE_DUE: Remark.CLOSE_OVERDUE,
}
OF_LIMIT: Final = frozenset({*SHARES, TimerKind.RESUME})


def of_limit(clock: Clock, days: WorkingDays) -> dict[TimerKind, datetime]:
    """Return when each share of a limit is used up (时限节点); what the calendar cannot tell is left out."""
    moments = {kind: clock.at(share, days) for kind, share in SHARES.items()}
    return {kind: at for kind, at in moments.items() if at is not None}
