"""Which figures the board shows, and which rows each of them opens (数字与其来源)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linli.cases.domain.workflow import OPEN, State
from linli.kernel.level import Level


class Kind(StrEnum):
    """Of what a choice is made (对象)."""

    ALERT = "alert"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of rows (筛选), the same for the number and for the list that it opens.

    Of alerts or cases that are open; of one level, of one state, past the limit, or past 80 % of it.
    """

    name: str
    kind: Kind
    level: Level | None = None
    state: State | None = None
    late: bool = False
    near: bool = False


LEVELS: Final = tuple(level for level in sorted(Level, reverse=True) if level)
STATES: Final = tuple(state for state in State if state in OPEN)
CHOICES: Final = {choice.name: choice for choice in (
    Choice("alerts", Kind.ALERT),  # 未解除预警
    *(Choice(level.word, Kind.ALERT, level=level) for level in LEVELS),
    Choice("cases", Kind.CASE),  # 在办
    Choice("late", Kind.CASE, late=True),  # 超时
    Choice("near", Kind.CASE, near=True),  # 将超时
    *(Choice(state.value, Kind.CASE, state=state) for state in STATES),
)}
