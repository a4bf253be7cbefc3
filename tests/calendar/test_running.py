"""How time runs in five units, against the slow judge and against laws that must hold."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.make import minute_by_minute as judge
from tests.make.calendar import EIGHT_HOURS, shipped

from linli.calendar.domain import running
from linli.calendar.domain.days import Periods
from linli.calendar.domain.units import LimitUnit
from linli.cases.domain.limits import Clock, Limit

U = LimitUnit
ZONE = ZoneInfo("Asia/Shanghai")
ALL = shipped()
moments = st.integers(0, int((datetime(2026, 12, 1) - datetime(2004, 1, 2)) / timedelta(minutes=1))).map(  # noqa: DTZ001
    lambda minutes: datetime(2004, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes))
units = st.sampled_from(list(U))
amounts = st.fractions(min_value=0, max_value=12, max_denominator=60)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(("start", "amount", "unit", "end"), [
    ("2026-11-23 09:00", 2, U.EMERGENCY_HOUR, "2026-11-23 11:00"),
    ("2026-10-01 23:00", 2, U.EMERGENCY_HOUR, "2026-10-02 01:00"),  # holidays do not stop what is dangerous
    ("2026-10-01 10:00", 3, U.EMERGENCY_DAY, "2026-10-04 10:00"),
    ("2028-02-28 10:00", 1, U.NATURAL_DAY, "2028-02-29 10:00"),  # natural time needs no calendar
    ("2026-11-23 09:00", 4, U.WORKING_HOUR, "2026-11-23 15:00"),
    ("2026-11-23 12:30", 1, U.WORKING_HOUR, "2026-11-23 15:00"),  # begun in the lunch break
    ("2026-11-23 18:00", 1, U.WORKING_HOUR, "2026-11-24 09:00"),  # at the end sharp
    ("2026-11-23 17:00", 1, U.WORKING_HOUR, "2026-11-23 18:00"),  # ends with the day, not next morning
    ("2026-11-23 08:00", 1, U.WORKING_DAY, "2026-11-23 18:00"),
    ("2026-11-23 08:00", Fraction(1, 2), U.WORKING_DAY, "2026-11-23 12:00"),
    ("2026-11-20 16:00", 1, U.WORKING_DAY, "2026-11-23 16:00"),  # over a weekend
    ("2026-10-03 10:00", 1, U.WORKING_DAY, "2026-10-08 18:00"),  # begun on a holiday
    ("2026-10-09 14:00", 1, U.WORKING_DAY, "2026-10-10 12:00"),  # a Saturday made up for
    ("2024-02-08 17:00", 2, U.WORKING_HOUR, "2024-02-09 09:00"),
    ("2024-02-09 17:00", 2, U.WORKING_HOUR, "2024-02-18 09:00"),  # New Year, then a Sunday made up for
    ("2024-02-28 09:00", 2, U.WORKING_DAY, "2024-03-01 09:00"),  # over 29 February
    ("2024-12-31 17:00", 2, U.WORKING_HOUR, "2025-01-02 09:00"),  # over the end of the year
    ("2018-12-28 17:00", 2, U.WORKING_HOUR, "2018-12-29 09:00"),  # made up for by the next year's notice
    ("2018-12-29 17:00", 2, U.WORKING_HOUR, "2019-01-02 09:00"),  # 30 December to 1 January off
])
def test_a_limit_ends(start, amount, unit, end):
    assert running.add(local(start), amount, unit, ALL) == local(end)
    assert running.between(local(start), local(end), unit, ALL) == amount


@pytest.mark.parametrize("unit", [U.WORKING_HOUR, U.WORKING_DAY])
def test_what_runs_into_a_year_not_loaded_is_unknown(unit):
    assert running.add(local("2026-12-31 17:00"), 1, unit, ALL) == (
        local("2026-12-31 18:00") if unit is U.WORKING_HOUR else None)
    assert running.add(local("2026-12-31 17:30"), 1, unit, ALL) is None
    assert running.add(local("2027-01-04 09:00"), 1, unit, ALL) is None
    assert running.between(local("2026-12-31 17:00"), local("2027-01-04 09:00"), unit, ALL) is None
    assert running.between(local("2026-12-31 17:00"), local("2027-01-01 00:00"), U.WORKING_HOUR, ALL) == 1


def test_a_year_between_two_loaded_ones_is_unknown_too():
    gap = shipped(2024, 2026)
    assert running.add(local("2024-12-31 17:30"), 1, U.WORKING_HOUR, gap) is None


def test_without_periods_nothing_ever_ends():
    assert running.add(local("2026-11-23 09:00"), 1, U.WORKING_HOUR, replace(ALL, periods=(), _spans={})) is None


def test_summer_hours_count_from_their_day_on():
    summer = Periods(date(2026, 5, 1), ((time(8), time(12)), (time(15), time(18))))
    days = replace(ALL, periods=(Periods(date(1949, 10, 1), EIGHT_HOURS), summer), _spans={})
    assert running.add(local("2026-06-01 11:00"), 2, U.WORKING_HOUR, days) == local("2026-06-01 16:00")
    assert running.add(local("2026-06-01 08:00"), 1, U.WORKING_DAY, days) == local("2026-06-01 18:00")
    assert running.add(local("2026-04-01 11:00"), 2, U.WORKING_HOUR, days) == local("2026-04-01 15:00")


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(0, 1500), units)
def test_the_slow_judge_agrees_on_every_end(start, minutes, unit):
    amount = Fraction(minutes, judge.minutes_of(unit))
    assert running.add(start, amount, unit, ALL) == judge.add(start, minutes, unit, ALL)


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(0, 20_000), units)
def test_the_slow_judge_agrees_on_every_span(start, minutes, unit):
    end = start + timedelta(minutes=minutes)
    assert running.between(start, end, unit, ALL) == judge.between(start, end, unit, ALL)


@given(moments, amounts, units)
def test_what_was_added_is_what_lies_between(start, amount, unit):
    end = running.add(start, amount, unit, ALL)
    if end is not None:
        found = running.between(start, end, unit, ALL)
        assert found is not None
        assert abs(found - amount) < Fraction(1, 10**8)  # a moment is told to the microsecond


@given(moments, amounts, amounts, units)
def test_more_time_never_ends_earlier(start, some, more, unit):
    first, second = (running.add(start, amount, unit, ALL) for amount in sorted((some, some + more)))
    if second is not None:
        assert first is not None
        assert first <= second


@given(moments, st.timedeltas(timedelta(), timedelta(days=9)), amounts, units)
def test_what_begins_later_never_ends_earlier(start, later, amount, unit):
    first, second = (running.add(moment, amount, unit, ALL) for moment in (start, start + later))
    if first is not None and second is not None and amount:
        assert first <= second


@given(moments, st.integers(1, 9), units, st.timedeltas(timedelta(), timedelta(days=6)),
       st.timedeltas(timedelta(minutes=1), timedelta(days=30)))
def test_a_pause_takes_nothing_and_gives_nothing(start, amount, unit, until_pause, pause):
    limit = Limit(amount, unit)
    paused_at = start + until_pause
    clock = Clock(start, limit, 1, paused_at, paused_at + pause)
    plain, ends = running.add(start, amount, unit, ALL), clock.at(1, ALL)
    if plain is None or ends is None:
        return
    if plain <= paused_at:
        assert ends == plain
        return
    before = running.between(start, paused_at, unit, ALL)
    rest = running.between(paused_at + pause, ends, unit, ALL)
    assert abs(before + rest - amount) < Fraction(1, 10**8)
    used = clock.used(paused_at + pause / 2, ALL)
    assert used == before / amount


def test_rests_and_work_together_are_all_the_time():
    start, end = local("2026-11-20 09:00"), local("2026-11-24 10:00")
    rests = running.rests(start, end, ALL)
    assert [(a.astimezone(ZONE).isoformat()[5:16], b.astimezone(ZONE).isoformat()[5:16]) for a, b in rests] == [
        ("11-20T12:00", "11-20T14:00"), ("11-20T18:00", "11-23T08:00"), ("11-23T12:00", "11-23T14:00"),
        ("11-23T18:00", "11-24T08:00")]
    worked = running.between(start, end, U.WORKING_HOUR, ALL)
    assert worked == 17
    assert sum((b - a for a, b in rests), timedelta()) + timedelta(hours=17) == end - start
