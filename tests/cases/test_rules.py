"""Merging, routing, limits and words: plain values in, plain values out."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.domain import follow, locks
from linli.cases.domain.given import parse
from linli.cases.domain.intake import RULES, Report, Source
from linli.cases.domain.limits import Standing, standing
from linli.cases.domain.routing import Maintained, Route, RouteRule, route
from linli.cases.domain.texts import REPORT_LENGTH, clean, title_of
from linli.kernel.errors import Invalid
from linli.kernel.geo import Point

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Point(120.0, 30.0)
REPORT = Report(source=Source.GRID, source_ref="r", category="manhole_missing", where=HERE, seen_at=NOON)


def east(metres: float) -> Point:
    return Point(HERE.lon + metres / 96_300, HERE.lat)


@given(st.floats(-1, 1), st.floats(-1, 1), st.sampled_from(list(Source)), st.sampled_from(list(Source)),
       st.floats(-85, 85), st.floats(-180, 180))
def test_two_reports_that_could_be_one_matter_always_share_a_lock(x, y, one, other, lat, lon):
    reach = max(RULES[one].merge_radius_m, RULES[other].merge_radius_m) / 111_200
    here = replace(REPORT, source=one, source_ref="a", where=Point(lon, lat))
    squeeze = 1 / max(1e-6, math.cos(math.radians(lat)))
    there = replace(REPORT, source=other, source_ref="b",
                    where=Point(min(180.0, max(-180.0, lon + x * reach * squeeze * 0.7)), lat + y * reach * 0.7))
    assert set(locks.keys_of([here])) & set(locks.keys_of([there]))


def test_the_locks_of_many_reports_come_in_one_order_without_doubles():
    reports = [replace(REPORT, source_ref=str(i), where=east(i * 40), component_id=i + 1) for i in range(5)]
    keys = locks.keys_of(reversed(reports))
    assert keys == sorted(set(keys)) == locks.keys_of(reports)
    assert all(-(1 << 63) <= key < 1 << 63 for key in keys)


@pytest.mark.parametrize(("named", "nearby", "duty", "expected"), [
    (Maintained(1, 11), Maintained(2, 12), 13, Route(11, RouteRule.COMPONENT, 1)),
    (Maintained(1, None), Maintained(2, 12), 13, Route(13, RouteRule.GRID_DUTY, 1)),
    (Maintained(1, None), None, None, Route(14, RouteRule.FALLBACK, 1)),
    (None, Maintained(2, 12), 13, Route(12, RouteRule.NEARBY_COMPONENT, 2)),
    (None, Maintained(2, None), 13, Route(13, RouteRule.GRID_DUTY, None)),
    (None, None, 13, Route(13, RouteRule.GRID_DUTY, None)),
    (None, None, None, Route(14, RouteRule.FALLBACK, None)),
])
def test_each_routing_rule_fires_in_its_turn(named, nearby, duty, expected):
    assert route(named=named, nearby=nearby, duty_unit=duty, fallback_unit=14) == expected


def test_without_any_unit_the_route_says_so():
    found = route(named=None, nearby=None, duty_unit=None, fallback_unit=None)
    assert found == Route(None, RouteRule.FALLBACK, None)


@pytest.mark.parametrize(("minutes", "done", "expected"), [
    (0, None, Standing.RUNNING), (95, None, Standing.RUNNING), (96, None, Standing.NEAR), (120, None, Standing.NEAR),
    (121, None, Standing.LATE), (500, 119, Standing.DONE_IN_TIME), (500, 121, Standing.DONE_LATE),
])
def test_a_case_stands_against_its_limit(minutes, done, expected):
    due = NOON + timedelta(hours=2)
    done_at = NOON + timedelta(minutes=done) if done else None
    now = NOON + timedelta(minutes=minutes)
    near = NOON + timedelta(minutes=96)
    assert standing(started_at=NOON, near_at=near, due_at=due, done_at=done_at, now=now) is expected


def test_what_cannot_be_computed_is_unknown_and_never_on_time():
    for done_at in (None, NOON):
        known = standing(started_at=NOON, near_at=None, due_at=None, done_at=done_at, now=NOON + timedelta(days=900))
        assert known is Standing.UNKNOWN
    assert standing(started_at=None, near_at=None, due_at=None, done_at=None, now=NOON) is Standing.NO_LIMIT


@pytest.mark.parametrize(("raw", "kept"), [
    ("井盖没了\r\n快来", "井盖没了\n快来"),
    ("a\x00b\x07c\x1b[31m", "abc[31m"),
    ("\u202egpj.exe\u202c \u2066x\u2069", "gpj.exe x"),
    ("half \ud800 surrogate", "half  surrogate"),
    ("  e\u0301  ", "é"),
    ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ("zero\u200bwidth\ufeff\tspace", "zerowidth space"),
])
def test_words_are_made_harmless(raw, kept):
    assert clean(raw, field="text") == kept


@given(st.text(max_size=300))
def test_clean_words_can_be_stored_and_stay_as_they_are(raw):
    once = clean(raw, field="text")
    assert clean(once, field="text") == once
    once.encode("utf-8")
    assert "\x00" not in once
    assert not set(once) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")


def test_too_many_words_are_refused_and_not_cut():
    assert len(clean("好" * REPORT_LENGTH, field="text")) == REPORT_LENGTH
    with pytest.raises(Invalid) as refusal:
        clean("好" * (REPORT_LENGTH + 1), field="text")
    assert refusal.value.field == "text"


def test_a_title_is_one_line_of_category_and_place():
    assert title_of("井盖缺失", "柳塘\u202e里\n3 栋") == "井盖缺失 · 柳塘里 3 栋"
    assert title_of("井盖缺失", "") == "井盖缺失"
    assert len(title_of("井盖", "很长" * 200)) <= 120


@pytest.mark.parametrize(("change", "field"), [
    ({"source_ref": ""}, "source_ref"), ({"source_ref": "x" * 101}, "source_ref"),
    ({"source_ref": "a\nb"}, "source_ref"),
    ({"seen_at": datetime(2026, 11, 23, 12)}, "seen_at"),  # noqa: DTZ001  a naive moment is the point
    ({"seen_at": NOON + timedelta(minutes=11)}, "seen_at"), ({"seen_at": NOON - timedelta(days=31)}, "seen_at"),
    ({"text": "x" * 2001}, "text"), ({"facts": {"value": float("nan")}}, "facts"),
])
def test_a_report_that_cannot_be_used_says_which_field(change, field):
    with pytest.raises(Invalid) as refusal:
        replace(REPORT, **change).checked(NOON)
    assert refusal.value.field == field


def test_a_sensor_may_hand_in_what_it_saw_years_ago():
    old = replace(REPORT, source=Source.SENSOR, seen_at=NOON - timedelta(days=4000))
    assert old.checked(NOON).seen_at == old.seen_at


def test_a_clock_a_little_ahead_is_taken_as_now():
    assert replace(REPORT, seen_at=NOON + timedelta(minutes=5)).checked(NOON).seen_at == NOON


@pytest.mark.parametrize(("raw", "field"), [
    ({"sneaky": 1}, "sneaky"), ({"unit": "x"}, "unit"), ({"unit": True}, "unit"), ({"unit": 1.5}, "unit"),
    ({"reason": 5}, "reason"), ({"reason": "x" * 501}, "reason"), ({"evidence": ["nope"]}, "evidence"),
    ({"evidence": [f"00000000-0000-0000-0000-0000000000{i:02d}" for i in range(10)]}, "evidence"),
])
def test_a_hand_in_that_cannot_be_used_says_which_field(raw, field):
    with pytest.raises(Invalid) as refusal:
        parse(raw)
    assert refusal.value.field == field


def test_what_is_empty_was_not_given():
    given_things = parse({"reason": " \u200b ", "unit": "", "evidence": [], "condition_met": "yes", "note": "x"})
    assert given_things.names == {"note"}
    assert parse({"condition_met": True, "unit": "7"}).names == {"condition_met", "unit"}


def test_a_token_cannot_be_guessed_and_is_kept_only_as_its_hash():
    tokens = {follow.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 22 for token in tokens)
    assert len(follow.digest("\ud800")) == 32
