import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import OperationalError, connection, transaction

from linli.alerts.actions.batch import take
from linli.alerts.domain.cursor import Position, advance
from linli.alerts.models import Cursor, Trace
from linli.kernel import clock
from linli.sensing import queries as sensing
from linli.sensing.queries import ExceedanceRow

BATCH: Final = 500
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many exceedances were taken, and how old the oldest of them was."""

    count: int
    behind_s: float


@transaction.atomic
def take_exceedances(batch: int = BATCH) -> Taken:
    """Turn the next exceedances into alerts, and alerts into cases, in one transaction (超限转预警).

    Run twice, or killed in between and run again, the outcome is the same: each exceedance leaves
    one trace, and the position moves in the same transaction. One that cannot be taken leaves its
    trace with the problem and does not hold up the others.
    """
    cursor, _ = Cursor.objects.select_for_update().get_or_create(pk=1)
    now = clock.now()
    fresh, seen = _next(cursor.taken_to, batch)
    if fresh:
        _take_all_or_each(fresh, now)
    position = advance(Position(cursor.taken_to, cursor.hole_since), [*seen, *(row.id for row in fresh)], now=now)
    if (position.taken_to, position.hole_since) != (cursor.taken_to, cursor.hole_since):
        Cursor.objects.filter(pk=1).update(taken_to=position.taken_to, hole_since=position.hole_since)
    return Taken(len(fresh), max((now - fresh[0].noticed_at).total_seconds(), 0.0) if fresh else 0.0)


def _next(taken_to: int, batch: int) -> tuple[list[ExceedanceRow], list[int]]:
    """Return the next exceedances not yet taken, and the numbers passed on the way that are."""
    passed: list[int] = []
    after = taken_to
    while rows := sensing.exceedances_after(after, batch):
        known = set(Trace.objects.filter(exceedance__in=[row.id for row in rows]).values_list("exceedance", flat=True))
        passed += sorted(known)
        if fresh := [row for row in rows if row.id not in known]:
            return fresh, passed
        after = rows[-1].id
    return [], passed


def _take_all_or_each(rows: Sequence[ExceedanceRow], now: datetime) -> None:
    try:
        with transaction.atomic():
            take(rows, now)
            connection.check_constraints()  # deferred keys too: at the commit it would be too late to part them
    except OperationalError:
        raise
    except Exception as error:
        log.exception("exceedances %s to %s", rows[0].id, rows[-1].id)
        if len(rows) == 1:
            _leave_aside(rows[0], now, error)
            return
        for row in rows:
            _take_all_or_each([row], now)


def _leave_aside(row: ExceedanceRow, now: datetime, error: Exception) -> None:
    Trace.objects.create(
        exceedance=row.id, datastream_id=row.datastream_id, ts=row.ts, level_from=row.level_from.value,
        level_to=row.level_to.value, value=row.value, taken_at=now, problem=f"{type(error).__name__}: {error}"[:200],
    )
