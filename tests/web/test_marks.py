"""Marks say by shape, character and word what their colour says."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from linli.kernel.level import Level
from linli.web.templatetags import linli as tags

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest):
    with translation.override(request.param):
        yield request.param


@pytest.mark.parametrize(("given", "chinese", "english"), [
    ("blue", "蓝", "Ⅳ"), (Level.YELLOW, "黄", "Ⅲ"), (3, "橙", "Ⅱ"), ("red", "红", "Ⅰ")])
def test_a_level_has_its_character_and_its_name(given, chinese, english, language):
    drawn = tags.level(given)
    assert f">{chinese if language == 'zh-hans' else english}</text>" in drawn
    assert 'role="img"' in drawn
    assert f'aria-label="{tags.level_word(given)}"' in drawn


def test_the_four_levels_have_four_shapes():
    shapes = {tags.level(level).split('d="')[1].split('"')[0] for level in list(Level)[1:]}
    assert len(shapes) == 4


def test_no_level_is_a_document_that_inverts_when_late():
    with translation.override("zh-hans"):
        assert 'class="doc"' in tags.level("none")
        late = tags.level("none", late=True)
    assert 'class="doc late"' in late
    assert "超时案件" in late


def test_an_unknown_level_is_refused():
    with pytest.raises(KeyError):
        tags.level("purple")


@pytest.mark.parametrize(("state", "done", "word"), [
    ("reported", 0, "受理"), ("accepted", 1, "立案"), ("filed", 2, "派遣"), ("dispatched", 3, "处置"),
    ("handled", 4, "核查"), ("checked", 5, "结案")])
def test_a_stage_is_told_by_pips_and_by_word(state, done, word):
    with translation.override("zh-hans"):
        drawn = tags.stage(state)
    assert drawn.count('class="on"') == done
    assert drawn.count('class="now"') == 1
    assert drawn.endswith(f"</svg>{word}</span>")


@pytest.mark.parametrize(("state", "done"), [("closed", 6), ("void", 0)])
def test_an_ended_case_is_doing_nothing(state, done):
    drawn = tags.stage(state)
    assert drawn.count('class="on"') == done
    assert "now" not in drawn


@pytest.mark.parametrize(("minutes_left", "kind", "chinese", "english"), [
    (109, "easy", "剩 1 时 49 分", "1 h 49 min left"),
    (10, "near", "剩 10 分", "10 min left"),
    (-35, "late", "超 35 分", "35 min over"),
    (60 * 24 * 2 + 180, "easy", "剩 2 天 3 时", "2 days 3 h left")])
def test_a_clock_says_what_is_left_or_over(minutes_left, kind, chinese, english, language):
    drawn = tags.clock(NOON - timedelta(minutes=60), NOON + timedelta(minutes=minutes_left), NOON)
    assert f'class="clk {kind}"' in drawn
    assert (chinese if language == "zh-hans" else english) in drawn


def test_a_clock_turns_heavy_at_four_fifths_and_inverts_only_after_the_due_time():
    opened, due = NOON, NOON + timedelta(minutes=100)
    kinds = [tags.clock(opened, due, NOON + timedelta(minutes=at)).split('"')[1] for at in (79, 80, 100, 101)]
    assert kinds == ["clk easy", "clk near", "clk near", "clk late"]


def test_a_clock_without_a_limit_or_on_hold_says_so():
    with translation.override("zh-hans"):
        assert "尚无时限" in tags.clock(NOON, None, NOON)
        assert "挂起 · 等协查" in tags.clock(NOON, NOON, NOON, held="等协查")


def test_a_figure_grows_stale_in_words_and_in_shape():
    with translation.override("zh-hans"):
        young = tags.fresh(NOON - timedelta(seconds=6), now=NOON)
        old = tags.fresh(NOON - timedelta(minutes=14), now=NOON)
        none = tags.fresh(None, now=NOON)
    assert 'class="fresh"' in young
    assert "6 秒前" in young
    assert 'class="fresh old"' in old
    assert "迟 14 分" in old
    assert "还没有数据" in none


@pytest.mark.parametrize(("back", "chinese", "english"), [
    (timedelta(hours=2), "10:00", "10:00"),
    (timedelta(days=12), "11-11", "11 Nov"),
    (timedelta(days=400), "2025-10-19", "19 Oct 2025")])
def test_a_moment_is_as_short_as_its_day_allows(back, chinese, english, language):
    drawn = tags.stamp(NOON - back, now=NOON)
    assert f">{chinese if language == 'zh-hans' else english}</time>" in drawn


def test_a_gap_breaks_the_small_line():
    assert tags.spark_line([1, 2, None, 4, 5]).count("M") == 2


def test_a_small_line_of_nothing_is_nothing():
    assert tags.spark_line([None, None]) == ""


@pytest.mark.parametrize(("part", "whole", "width"), [(3, 4, "75.0"), (5, 4, "100.0"), (-1, 4, "0.0"), (1, 0, "0.0")])
def test_a_share_stays_inside_its_bar(part, whole, width):
    assert f'width="{width}"' in tags.share(part, whole)


def test_values_handed_to_an_island_cannot_end_the_script():
    assert "</script><b>" not in tags.island("map", {"title": "</script><b>"}, "m")
