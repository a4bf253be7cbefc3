import pytest

from linli_edge.pace import Pace, days, room_left


def test_a_message_a_second_is_eighty_six_thousand_four_hundred_a_day_whether_watched_for_minutes_or_hours():
    pace = Pace(0.0)
    assert pace.per_day(59.0) is None
    for second in range(600):
        pace.note(1, float(second))
    assert pace.per_day(600.0) == pytest.approx(86_400)
    for second in range(600, 20_000):
        pace.note(1, float(second))
    assert pace.per_day(20_000.0) == pytest.approx(86_400, rel=0.02)


def test_who_fell_silent_has_no_pace_after_an_hour():
    pace = Pace(0.0)
    pace.note(1_000, 10.0)
    assert pace.per_day(4_000.0) == 0


def test_days_are_told_only_where_something_comes():
    assert days(700, 100.0) == 7
    assert days(700, None) is None
    assert days(700, 0.0) is None


def test_room_ends_with_the_number_or_with_the_disk_whichever_is_first():
    assert room_left(1_000, kept=400, taken=60_000, left=10**9) == 600
    assert room_left(10**6, kept=20_000, taken=2_000_000, left=50_000) == 500
    assert room_left(10**6, kept=0, taken=20_000, left=15_000) == 100
    assert room_left(10**6, kept=0, taken=0, left=-5) == 0
