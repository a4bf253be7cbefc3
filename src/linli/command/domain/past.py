"""Looking back (回放): which moments of the last day the board shows as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from linli.cases.domain.workflow import State
from linli.command.domain.figures import CHOICES, Choice, Kind
from linli.command.domain.stream import AlertLine, CaseLine, Row, rows
from linli.kernel.level import Level

REACH: Final = timedelta(hours=24)
STEP: Final = timedelta(minutes=5)
BIN: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Bin:
    """How many alerts began within half an hour, and the worst of them (每半小时预警数)."""

    begins_at: datetime
    count: int
    worst: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The board as it was at one moment (彼时看板); `more` = there was more than is shown."""

    at: datetime
    alerts: Sequence[AlertLine]
    cases: Sequence[CaseLine]
    more: bool = False

    @property
    def rows(self) -> list[Row]:
        """Return alerts and cases merged by their chain, the most severe first."""
        return sorted(rows(self.cases, self.alerts), key=lambda row: (-row.level, row.since))

    def chosen(self, choice: Choice) -> list[Row]:
        """Return the rows of a choice; here every alert is a row of its own."""
        if choice.kind is Kind.CASE:
            return [Row(case, ()) for case in self.cases if self._is(case, choice)]
        known = {case.id: case for case in self.cases}
        return [Row(known.get(alert.case_id or 0), (alert,)) for alert in self.alerts
                if choice.level in (None, alert.level)]

    def counts(self) -> dict[str, int]:
        """Return for each choice how many rows it had."""
        return {name: len(self.chosen(choice)) for name, choice in CHOICES.items()}

    def _is(self, case: CaseLine, choice: Choice) -> bool:
        if choice.late:
            return case.is_late(self.at)
        if choice.near:
            return case.is_near(self.at)
        return choice.state is None or State(case.state) is choice.state


def newest(now: datetime) -> datetime:
    """Return the latest moment that lies behind `now` on the scale: whole five minutes."""
    seconds = int(STEP.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def looked_back_to(given: str, now: datetime) -> datetime | None:
    """Return the moment that seconds since 1970 name, None for the present and for what is not within the last day."""
    if not given.isascii() or not given.isdecimal() or len(given) > 12:
        return None
    at = datetime.fromtimestamp(int(given), UTC)
    last = newest(now)
    return at if last - REACH <= at < last else None


def bins(counted: Sequence[Bin], now: datetime) -> list[Bin]:
    """Return the half hours that the scale touches, oldest first, those without an alert among them."""
    size = int(BIN.total_seconds())
    first, last = (int(at.timestamp()) // size * size for at in (newest(now) - REACH, now))
    known = {int(each.begins_at.timestamp()): each for each in counted}
    starts = range(first, last + size, size)
    return [known.get(start) or Bin(datetime.fromtimestamp(start, UTC), 0, Level.NONE) for start in starts]
