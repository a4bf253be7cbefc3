from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from linli_run.replay_series import Layout, read
from linli_run.trouble import Trouble


def series(tmp_path, text, **said):
    path = tmp_path / "series.csv"
    path.write_text(text, encoding="utf-8-sig")
    return read(path, Layout(**{"metric": "level_m", **said}))


def seconds(*date):
    return datetime(*date, tzinfo=UTC).timestamp()


def test_time_and_value_are_found_by_their_names(tmp_path):
    found = series(tmp_path, "x,timestamp,level_m\n9,2024-03-01 00:00:00,1.5\n9,2024-03-01T01:00:00+08:00,2\n")
    assert found.readings == [(seconds(2024, 3, 1), 1.5), (seconds(2024, 2, 29, 17), 2.0)]


def test_rows_without_a_value_are_left_out_and_counted(tmp_path):
    found = series(tmp_path, "ts,value\n1700000000,1\n1700000001,\n1700000002,NULL\n1700000003,NaN\n1700000004,5\n")
    assert found.readings == [(1_700_000_000, 1.0), (1_700_000_004, 5.0)]
    assert found.unvalued == 3


def test_day_before_month_is_told_by_a_day_above_twelve(tmp_path):
    found = series(tmp_path, "DATETIME,L_T1\n04/07/16 00,1\n13/07/16 01,2\n")
    assert found.readings[0][0] == seconds(2016, 7, 4)


def test_day_and_month_are_told_by_which_runs_forward(tmp_path):
    found = series(tmp_path, "time,v\n11/01/16 00,1\n12/01/16 00,2\n01/02/16 00,2\n")
    assert found.readings[2][0] == seconds(2016, 2, 1)


def test_what_the_file_does_not_tell_must_be_said(tmp_path):
    unclear = "time,a,b\n01/02/16 00,1,2\n"
    with pytest.raises(Trouble, match="--value-column"):
        series(tmp_path, unclear)
    with pytest.raises(Trouble, match="--time-format"):
        series(tmp_path, unclear, value_column="a")
    assert series(tmp_path, unclear, value_column="a", time_format="%m/%d/%y %H").readings == [
        (seconds(2016, 1, 2), 1.0)
    ]


def test_a_wall_clock_is_read_in_the_zone_that_is_said(tmp_path):
    found = series(tmp_path, "time,v\n2024-03-01 08:00,1\n", zone=ZoneInfo("Asia/Shanghai"))
    assert found.readings == [(seconds(2024, 3, 1), 1.0)]


@pytest.mark.parametrize(
    ("text", "said", "problem"),
    [
        ("", {}, "no rows"),
        ("a,b\n1,2\n", {}, "--time-column"),
        ("time,v\n2024-03-01,high\n", {}, "Line 2"),
        ("time,v\nlater,1\n", {}, "--time-format"),
        ("time,v\n2024-03-01,1\n", {"value_column": "w"}, "no column w"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, text, said, problem):
    with pytest.raises(Trouble, match=problem):
        series(tmp_path, text, **said)
