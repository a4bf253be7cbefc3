"""How long a case may wait in each stage (环节时限): rows of a table, by stage and level; the deploying city's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from linli.calendar.domain.units import LimitUnit
from linli.cases.domain.limits import Limit
from linli.cases.domain.timers import TimerKind
from linli.cases.domain.workflow import State
from linli.kernel.level import Level

KINDS: Final = {  # the stages that somebody may let wait; handling has the limit of its filing condition
    State.REPORTED: TimerKind.ACCEPT_DUE,
    State.ACCEPTED: TimerKind.FILE_DUE,
    State.VERIFYING: TimerKind.VERIFY_DUE,
    State.FILED: TimerKind.DISPATCH_DUE,
    State.HANDLED: TimerKind.CHECK_DUE,
    State.CHECKED: TimerKind.CLOSE_DUE,
}


@dataclass(frozen=True, slots=True)
class StageLimit:
    """How long a case of at least this level may stand in a state."""

    state: State
    from_level: Level
    limit: Limit


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[StageLimit, ...]:
    """Return the table (装入环节时限).

    Raises: ValueError for a stage that has no limit of its own, an amount that is none, an unknown unit or level.
    """
    table = tuple(StageLimit(State(row["state"]), Level.from_word(row["from_level"]),
                             Limit(int(row["amount"]), LimitUnit(row["unit"]))) for row in rows)
    for row in table:
        if row.state not in KINDS or row.limit.amount <= 0:
            raise ValueError(f"{row.state} has no stage limit of {row.limit.amount}")
    return table


def limit_of(table: Iterable[StageLimit], state: State, level: Level) -> Limit | None:
    """Return how long a case of this level may stand so (环节时限): the row of the highest level it reaches."""
    fitting = [row for row in table if row.state is state and row.from_level <= level]
    return max(fitting, key=lambda row: row.from_level).limit if fitting else None
