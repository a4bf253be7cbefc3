"""A case's limit as a ruler (时限尺): start, now, 80 %, due, in the units of the drawing; or why it cannot be drawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from linli.cases.domain.limits import NEAR_SHARE, Standing
from linli.cases.models import Case
from linli.kernel import clock

WIDTH: Final = 320.0


@dataclass(frozen=True, slots=True)
class Ruler:
    """The clock of a case; `due_at` None = the end cannot be computed, `used` in units of `WIDTH`."""

    standing: Standing
    limit_text: str
    start_at: datetime | None = None
    near_at: datetime | None = None
    due_at: datetime | None = None
    seen_at: datetime | None = None
    used: float = 0.0
    used_s: float = 0.0
    left_s: float = 0.0

    @property
    def near(self) -> float:
        """Return where 80 % lies."""
        return WIDTH * float(NEAR_SHARE)

    @property
    def over_s(self) -> float:
        """Return by how many seconds it is over."""
        return max(0.0, -self.left_s)


def of(case: Case) -> Ruler:
    """Return the ruler of a case: it stands still where the unit was done."""
    if case.started_at is None or case.near_at is None or case.due_at is None:
        return Ruler(case.standing, case.limit_text, start_at=case.started_at)
    whole = case.due_at - case.started_at
    at = case.handled_at or clock.now()
    used = at - case.started_at
    share = min(1.0, max(0.0, used / whole)) if whole > timedelta() else 1.0
    return Ruler(
        case.standing, case.limit_text, start_at=case.started_at, near_at=case.near_at,
        due_at=case.due_at, seen_at=at, used=round(WIDTH * share, 1), used_s=used.total_seconds(),
        left_s=(case.due_at - at).total_seconds(),
    )
