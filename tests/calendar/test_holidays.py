"""The shipped holidays, and files with others."""

import copy
from datetime import date, timedelta

import chinese_calendar
import pytest
from tests.make.calendar import shipped

from linli.calendar.domain import notice
from linli.kernel import presets
from linli.kernel.errors import Invalid

COVERED = range(2004, 2027)
NEXT = {"year": 2027, "holidays": [{"name_zh": "元旦", "name_en": "New Year's Day", "from": "2026-12-31",
                                    "to": "2027-01-02"}], "worked": ["2027-01-03"], "scheme": "test", "version": "1",
        "source": "made up", "verified": False}


def test_every_day_the_reference_covers_is_the_same():
    days, day, seen = shipped(), date(COVERED[0], 1, 1), 0
    while day.year in COVERED:
        assert days.is_working(day) is chinese_calendar.is_workday(day), day
        day, seen = day + timedelta(days=1), seen + 1
    assert seen == 8401


def test_beyond_them_nothing_is_known():
    assert shipped().is_working(date(2003, 12, 31)) is None
    assert shipped().is_working(date(2027, 1, 1)) is None


def test_every_shipped_year_says_where_it_comes_from():
    for one in notice.parse(presets.read("holidays/cn")):
        assert one.source
        assert not one.verified or "发明电" in one.version


def test_days_of_the_december_before_belong_to_a_notice():
    one, = notice.parse([NEXT])
    assert one.off == [date(2026, 12, 31), date(2027, 1, 1)]


@pytest.mark.parametrize(("change", "field"), [
    ({"year": "2027"}, "year"), ({"year": 1900}, "year"), ({"year": True}, "year"),
    ({"holidays": []}, "holidays"), ({"holidays": "none"}, "holidays"), ({"holidays": [{}]}, "holidays.from"),
    ({"holidays": [{**NEXT["holidays"][0], "to": "2026-12-30"}]}, "holidays.to"),
    ({"holidays": [{**NEXT["holidays"][0], "to": "2027-06-30"}]}, "holidays.to"),
    ({"holidays": [{**NEXT["holidays"][0], "from": "2025-12-31"}]}, "holidays.from"),
    ({"holidays": [{**NEXT["holidays"][0], "from": "2026-11-30"}]}, "holidays.from"),
    ({"holidays": [{**NEXT["holidays"][0], "name_zh": ""}]}, "holidays.name_zh"),
    ({"worked": ["2027-01-04"]}, "worked"), ({"worked": ["2027-01-02"]}, "worked"), ({"worked": None}, "worked"),
    ({"worked": ["3 Jan"]}, "worked"), ({"verified": "yes"}, "verified"), ({"source": ""}, "source"),
])
def test_a_file_that_cannot_be_right_is_refused_with_row_field_and_remedy(change, field):
    with pytest.raises(Invalid) as refusal:
        notice.parse([copy.deepcopy(NEXT), {**copy.deepcopy(NEXT), "year": 2027, **change}])
    assert (refusal.value.params["row"], refusal.value.field) == (2, field)
    assert len(str(refusal.value.params["remedy"])) > 10


@pytest.mark.parametrize("rows", [[], {}, None, "x", [NEXT, NEXT], [7]])
def test_what_is_no_list_of_years_is_refused(rows):
    with pytest.raises(Invalid):
        notice.parse(rows)
