from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from linli.audit import actions as audit
from linli.calendar import policy
from linli.calendar.domain import notice
from linli.calendar.domain.notice import Notice
from linli.calendar.events import CalendarChanged
from linli.calendar.models import CalendarYear, WorkingPeriods
from linli.kernel import clock, presets
from linli.kernel.actor import Actor
from linli.outbox import actions as outbox


@transaction.atomic
def load_years(notices: Sequence[Notice], *, actor: Actor) -> list[int]:
    """Enter the holidays of these years, in place of what was there (载入节假日); return the years that changed.

    Raises: NotPermitted if `actor` is not the operator.
    """
    policy.require_operator(actor)
    at_first = not CalendarYear.objects.exists()  # no limit can have been counted by another calendar
    known = CalendarYear.objects.in_bulk([each.year for each in notices])
    fresh = [each for each in notices if _differs(each, known.get(each.year))]
    CalendarYear.objects.bulk_create(
        [_row(each) for each in fresh], update_conflicts=True, unique_fields=["year"],
        update_fields=["off", "worked", "holidays", "scheme", "version", "source", "verified", "loaded_at"],
    )
    years = [each.year for each in fresh]
    if years:
        audit.record("calendar.load_years", actor=actor, target="calendar:years", years=years)
    if years and not at_first:
        outbox.publish(CalendarChanged(first_year=min(years)))
    return years


@transaction.atomic
def load_presets() -> int:
    """Enter the shipped years and working periods where there are none yet (装入日历); return how many rows.

    What the deploying city has loaded or changed is left as it is.
    """
    known = set(CalendarYear.objects.values_list("year", flat=True))
    shipped = [each for each in notice.parse(presets.read("holidays/cn")) if each.year not in known]
    years = load_years(shipped, actor=Actor.system("calendar"))
    if WorkingPeriods.objects.exists():
        return len(years)
    rows = WorkingPeriods.objects.bulk_create([WorkingPeriods(**row) for row in presets.read("working_periods")])
    audit.record("calendar.load_periods", actor=Actor.system("calendar"), target="calendar:periods", rows=len(rows))
    return len(years) + len(rows)


def _row(each: Notice) -> CalendarYear:
    return CalendarYear(
        year=each.year, off=each.off, worked=list(each.worked), holidays=_holidays(each), scheme=each.scheme,
        version=each.version, source=each.source, verified=each.verified, loaded_at=clock.now(),
    )


def _differs(each: Notice, row: CalendarYear | None) -> bool:
    return row is None or (each.off, list(each.worked), _holidays(each), each.version, each.source, each.verified) != (
        row.off, row.worked, row.holidays, row.version, row.source, row.verified)


def _holidays(each: Notice) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in asdict(one).items()} for one in each.holidays]
