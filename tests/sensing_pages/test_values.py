"""Values, stretches over a mark, stretches of time, rules as sentences (设备页面的规则)."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.make.board import MARKS

from linli.kernel.errors import Invalid
from linli.kernel.level import Level
from linli.sensing.domain.episodes import Episode, Passage, episodes
from linli.sensing.domain.value import written
from linli.sensing.pages.measured import Measured
from linli.sensing.pages.rule import conditions, sentences
from linli.sensing.pages.span import Span

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.mark.parametrize(("value", "words"), [
    (31.0, "31"), (0.1134, "0.1134"), (0.11339, "0.1134"), (12345.6, "12,346"), (0.0, "0"), (-4.25, "-4.25"),
    (1e-12, "0"), (100.0, "100"), (1200.0, "1,200"), (999.96, "1,000"), (math.nan, "–"), (math.inf, "–"),
])
def test_a_value_has_four_digits_and_no_power_of_ten(value, words):
    assert written(value) == words


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_what_is_written_is_within_four_digits_of_what_was_measured(value):
    assert float(written(value).replace(",", "")) == pytest.approx(value, rel=1e-3, abs=1e-9)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_each_level_is_a_stretch_of_its_own_and_the_last_one_is_open():
    found = episodes([
        Passage(at(1), Level.NONE, Level.YELLOW), Passage(at(2), Level.YELLOW, Level.ORANGE),
        Passage(at(3), Level.ORANGE, Level.NONE), Passage(at(9), Level.NONE, Level.RED),
    ], start=NOON)
    assert found == [Episode(Level.YELLOW, at(1), at(2), Level.ORANGE), Episode(Level.ORANGE, at(2), at(3), Level.NONE),
                     Episode(Level.RED, at(9), None, None)]


def test_what_began_before_the_window_is_told_from_its_edge():
    assert episodes([Passage(at(5), Level.BLUE, Level.NONE)], start=NOON) == [
        Episode(Level.BLUE, NOON, at(5), Level.NONE)]
    assert episodes([], start=NOON) == []


@pytest.mark.parametrize(("given", "length"), [
    ({}, timedelta(hours=24)), ({"span": "7d"}, timedelta(days=7)), ({"span": "90d"}, timedelta(days=90)),
    ({"span": "custom", "from": "2026-11-01", "to": "2026-11-02"}, timedelta(days=2)),
    ({"span": "custom", "from": "2026-11-01T10:00", "to": "2026-11-01T10:30"}, timedelta(minutes=30)),
])
def test_a_stretch_of_time_is_what_was_asked_for(given, length):
    span = Span.of(given, now=NOON)
    assert span.until - span.start == length


def test_days_are_those_of_the_readers_time_zone():
    span = Span.of({"span": "custom", "from": "2026-11-01", "to": "2026-11-01"}, now=NOON)
    assert span.start == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert span.until == datetime(2026, 11, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize("given", [
    {"span": "custom"}, {"span": "nonsense"}, {"span": "custom", "from": "2026-02-30", "to": "2026-03-01"},
    {"span": "custom", "from": "2026-03-02", "to": "2026-03-01"},
    {"span": "custom", "from": "0001-01-01", "to": "2026-01-01"},
    {"span": "custom", "from": "9999-12-31", "to": "9999-12-31"}, {"span": "custom", "from": "\x00", "to": "1"},
    {"span": "custom", "from": "0001-01-01T00:00", "to": "0001-01-02T00:00"},
])
def test_a_stretch_of_time_that_cannot_be_is_refused(given):
    with pytest.raises(Invalid):
        Span.of(given, now=NOON)


def stream(**changes) -> Measured:
    rule = {"definition": MARKS}
    given = {"datastream": 1, "metric": "tilt", "unit": "°", "name": "Tilt", "rule": rule, "value": 3.0, "at": NOON,
             "arrived_at": NOON, "level": Level.NONE, "usual_s": 10.0}
    return Measured(**{**given, **changes})


def test_a_rule_is_told_as_sentences_the_gravest_level_first():
    with translation.override("en"):
        said = [(one.level, str(one.begins), str(one.ends)) for one in sentences(stream())]
    assert said == [
        (Level.ORANGE, 'Tilt at <b class="slot">15 °</b> or above', 'below <b class="slot">12 °</b>'),
        (Level.YELLOW, 'Tilt at <b class="slot">10 °</b> or above for <b class="slot">30 s</b>',
         'below <b class="slot">8 °</b> for <b class="slot">1 min</b>'),
    ]


def test_a_metric_named_like_markup_stays_a_name():
    [first, *_] = sentences(stream(name="<b>", unit="<i>"))
    assert "&lt;b&gt;" in first.begins
    assert "<i>" not in first.begins


def test_silence_is_told_after_three_missed_reports_or_an_hour():
    assert not stream().is_silent(NOON + timedelta(seconds=30))
    assert stream().is_silent(NOON + timedelta(seconds=31))
    assert stream(at=None, value=None).is_silent(NOON)
    assert not stream(usual_s=None).is_silent(NOON + timedelta(minutes=59))
    after_an_alarm = stream(usual_s=10.0, allowed_s=1800.0)
    assert not after_an_alarm.is_silent(NOON + timedelta(minutes=29))
    assert after_an_alarm.is_silent(NOON + timedelta(minutes=31))
    assert stream(usual_s=None).is_silent(NOON + timedelta(minutes=61))


def test_what_else_a_rule_says_is_told_base_line_range_and_gap():
    definition = {"kind": "threshold", "direction": "above", "range": [0, 2000], "enter_gap_s": 180, "levels": [
        {"level": "blue", "enter": 200, "leave": 150, "over_base": True, "enter_hold_s": 10},
        {"level": "orange", "enter": 300, "leave": 250, "enter_hold_s": 10}]}
    judged = stream(rule={"definition": definition}, unit="mA", base_line=42.0)
    with translation.override("en"):
        said = conditions(judged)
        begins = str(sentences(judged)[-1].begins)
        unknown = conditions(stream(rule={"definition": definition}, unit="mA"))
    assert "base-line plus" in begins
    assert "200 mA" in begins
    assert said[0] == "The base-line of this device is 42 mA."
    assert "below 0 or above 2000 mA" in said[1].replace(",", "")
    assert "3" in said[2]
    assert "is not known" in unknown[0]
