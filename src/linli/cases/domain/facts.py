"""What a move looks at beside the state (案件情形): requests that wait, the clock at rest, what is had only once."""

from enum import StrEnum
from typing import Final

from linli.kernel.errors import NotAllowedNow


class Fact(StrEnum):
    """One thing that holds of a case now."""

    EXTENSION_ASKED = "extension_asked"  # 延期待批
    SUSPENSION_ASKED = "suspension_asked"  # 挂账待批
    SUSPENDED = "suspended"  # 挂账中, 时钟暂停
    EXTENDED_OUT = "extended_out"  # 已延期两次
    SUSPENDED_BEFORE = "suspended_before"  # 已挂账一次
    OVERDUE = "overdue"  # 已超时
    MAY_BE_REFUSED = "may_be_refused"  # 结案后仍在不满意期内


EXTENSIONS_AT_MOST: Final = 2
ASKED: Final = frozenset({Fact.EXTENSION_ASKED, Fact.SUSPENSION_ASKED})


def stands_against(fact: Fact) -> NotAllowedNow:
    """Return the refusal of a move that `fact` forbids (不能办理的原因)."""
    return {
        Fact.EXTENSION_ASKED: NotAllowedNow("cases.asked_already", "A request waits for the dispatcher already."),
        Fact.SUSPENSION_ASKED: NotAllowedNow("cases.asked_already", "A request waits for the dispatcher already."),
        Fact.SUSPENDED: NotAllowedNow("cases.suspended", "The case is suspended. Resume it first."),
        Fact.EXTENDED_OUT: NotAllowedNow("cases.extended_out", "The limit was extended {most} times; more is not"
                                         " possible.", most=EXTENSIONS_AT_MOST),
        Fact.SUSPENDED_BEFORE: NotAllowedNow("cases.suspended_before", "A case may be suspended once only."),
        Fact.OVERDUE: NotAllowedNow("cases.overdue", "The limit has passed; it can be extended only before."),
        Fact.MAY_BE_REFUSED: NotAllowedNow("cases.may_be_refused", "The reporter may still refuse the closing."),
    }[fact]


def is_lacking(fact: Fact) -> NotAllowedNow:
    """Return the refusal of a move for which `fact` would have to hold (缺少的前提)."""
    return {
        Fact.EXTENSION_ASKED: NotAllowedNow("cases.nothing_asked", "No such request waits here."),
        Fact.SUSPENSION_ASKED: NotAllowedNow("cases.nothing_asked", "No such request waits here."),
        Fact.SUSPENDED: NotAllowedNow("cases.not_suspended", "The case is not suspended."),
        Fact.MAY_BE_REFUSED: NotAllowedNow("cases.refusal_over", "The days in which the closing could be refused are"
                                           " over. Please report it again."),
    }[fact]
