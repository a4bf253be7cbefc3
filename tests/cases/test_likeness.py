"""What makes two reports one matter: signs are weighed, the sum joins, asks or opens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.domain.intake import Report, Source
from linli.cases.domain.merging import ASKED_AT_MOST, Ask, Join, Kind, Open, OpenCase, judge, score
from linli.cases.domain.weights import Weights
from linli.cases.domain.wording import grams, likeness, plain
from linli.cases.domain.workflow import State
from linli.kernel import presets
from linli.kernel.geo import Point

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Point(120.0, 30.0)
MISSING = Kind("manhole_missing", "公用设施", frozenset({"0102"}))
LAMP = Kind("lamp_out", "公用设施", frozenset({"0118"}))
PARKING = Kind("vehicle_parking", "街面秩序")
OTHER = Kind("other", "其他事件")
REPORT = Report(source=Source.GRID, source_ref="r", category="manhole_missing", where=HERE, seen_at=NOON)
CASE = OpenCase(case_id=7, kind=MISSING, where=HERE, component_id=None, guessed=False, last_seen_at=NOON,
                state=State.REPORTED)
WEIGHTS = Weights.of(presets.read("likeness"))
NOISE = "楼下烧烤店每天晚上营业到凌晨两点，油烟直接排到居民窗口，噪音很大，老人孩子都睡不好觉，请尽快处理"
NOISE_AGAIN = "烧烤店又营业到凌晨，油烟排到我们居民窗口，噪音大得睡不好觉，上次说处理到现在没有人来"
FLOOD = "地下车库进水已经有十几厘米，昨天下雨以后一直没有抽，车子都开不出来，电梯也停了，物业电话打不通"


def east(metres: float) -> Point:
    return Point(HERE.lon + metres / 96_300, HERE.lat)


def judged(report=REPORT, kind=MISSING, cases=(CASE,)):
    return judge(report, kind, list(cases), WEIGHTS)


@pytest.mark.parametrize(("change", "outcome"), [
    ({}, Join),
    ({"where": east(29)}, Join),
    ({"where": east(31)}, Ask),
    ({"where": east(59)}, Open),
    ({"last_seen_at": NOON - timedelta(hours=23)}, Join),
    ({"last_seen_at": NOON - timedelta(hours=25)}, Ask),
    ({"last_seen_at": NOON - timedelta(days=40)}, Open),
    ({"kind": LAMP}, Open),
    ({"component_id": 5}, Join),
])
def test_without_words_kind_place_and_time_decide(change, outcome):
    assert type(judged(cases=[replace(CASE, **change)])) is outcome


@pytest.mark.parametrize(("change", "outcome"), [
    ({}, Join),
    ({"where": east(500), "last_seen_at": NOON - timedelta(days=40)}, Join),
    ({"kind": LAMP}, Join),
    ({"kind": LAMP, "state": State.ACCEPTED, "texts": (FLOOD,)}, Join),
    ({"kind": LAMP, "state": State.FILED}, Open),
    ({"state": State.DISPATCHED}, Join),
    ({"component_id": 6}, Open),
    ({"component_id": 6, "guessed": True}, Join),
])
def test_a_named_component_joins_its_own_case_and_no_other_components(change, outcome):
    report = replace(REPORT, component_id=5, text=NOISE)
    assert type(judged(report, cases=[replace(CASE, **{"component_id": 5, **change})])) is outcome


def test_two_named_components_are_two_matters_whatever_else_agrees():
    report = replace(REPORT, component_id=5, text=NOISE)
    assert score(report, MISSING, replace(CASE, component_id=6, texts=(NOISE,)), WEIGHTS) is None


@pytest.mark.parametrize(("kind", "text", "outcome"), [
    (OTHER, NOISE_AGAIN, Join),
    (OTHER, FLOOD, Open),
    (OTHER, "", Ask),
    (PARKING, NOISE, Ask),
    (PARKING, NOISE_AGAIN, Ask),
    (PARKING, FLOOD, Open),
])
def test_where_the_kind_says_little_the_words_decide(kind, text, outcome):
    case = replace(CASE, kind=OTHER if kind is OTHER else MISSING, texts=(NOISE,))
    assert type(judged(replace(REPORT, text=text), kind, [case])) is outcome


def test_long_words_that_differ_make_one_kind_at_one_place_a_question():
    case = replace(CASE, kind=PARKING, texts=(NOISE,))
    assert type(judged(replace(REPORT, text=FLOOD), PARKING, [case])) is Ask


def test_few_words_that_differ_do_not_part_what_kind_place_and_time_join():
    assert type(judged(replace(REPORT, text="井口敞着"), cases=[replace(CASE, texts=("盖子没了",))])) is Join


def test_of_equally_likely_ones_the_nearest_then_the_oldest_is_joined():
    far, near, nearer = (replace(CASE, case_id=i, where=east(m)) for i, m in ((1, 20), (3, 10), (2, 10)))
    assert judged(cases=[far, near, nearer]).case_id == 2
    assert judged(cases=[]) == Open()


def test_the_own_component_comes_before_a_nearer_place():
    own = replace(CASE, case_id=1, component_id=5, where=east(25))
    assert judged(replace(REPORT, component_id=5), cases=[own, CASE]).case_id == 1


def test_a_resident_is_taken_further_off_than_a_sensor():
    case = replace(CASE, where=east(45))
    assert type(judged(replace(REPORT, source=Source.RESIDENT), cases=[case])) is Join
    assert type(judged(replace(REPORT, source=Source.SENSOR), cases=[case])) is not Join


def test_the_acceptor_is_asked_about_the_likeliest_few():
    cases = [replace(CASE, case_id=n, where=east(31 + n)) for n in range(1, 6)]
    asked = judged(cases=cases)
    assert [case_id for case_id, _ in asked.cases] == [1, 2, 3]
    assert len(asked.cases) == ASKED_AT_MOST


def test_a_score_keeps_its_parts():
    kept = score(replace(REPORT, text=NOISE), MISSING, replace(CASE, where=east(12), texts=(NOISE_AGAIN,)),
                 WEIGHTS).kept
    assert (kept["category"], kept["component"]) == ("same", False)
    assert kept["metres"] == pytest.approx(12, abs=0.1)
    assert 0.2 < kept["words"] < 0.8
    assert set(kept["weights"]) == {"base", "category", "distance", "time", "text"}


texts = st.text(st.sampled_from("井盖没了路灯不亮 😀e\u0301\u202e\u0353ab،"), max_size=30)


@given(texts, texts)
def test_likeness_of_words_is_even_and_bounded(one, two):
    a, b = grams(plain(one)), grams(plain(two))
    assert likeness(a, b) == likeness(b, a)
    assert 0.0 <= likeness(a, b) <= 1.0
    if plain(one):
        assert likeness(a, a) == pytest.approx(1.0)


def test_width_case_marks_and_signs_do_not_count_as_words():
    assert plain("ＬＥＤ灯，坏了！！😀 Z\u0335\u0347a\u0336l\u0337") == "led灯坏了zal"


@given(st.floats(-10, 200))
def test_a_weight_lies_between_its_points_and_never_jumps_off_them(measure):
    for sign, points in WEIGHTS.points.items():
        lowest, highest = min(y for _, y in points), max(y for _, y in points)
        assert lowest <= WEIGHTS.at(sign, measure) <= highest
    assert WEIGHTS.at("text", 0.13) == 2.2
