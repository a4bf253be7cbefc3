"""The stream: alerts and cases merged by their chain, under the heading that is true for the reader (事件流)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linli.command.domain.chain import evenly, seconds_between
from linli.command.domain.framing import around
from linli.command.domain.live import Announcement
from linli.command.domain.sight import live_scope, may_watch
from linli.command.domain.stream import AlertLine, CaseLine, Group, grouped, rows
from linli.command.domain.waiting import commanded
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.level import Level
from linli.kernel.role import Role

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CASE = CaseLine(
    id=12, number="Q1123-0412", category="井盖缺失", title="井盖缺失 · 柳塘路", place="柳塘路", unit="城北排水",
    level=Level.ORANGE, state="dispatched", lon=120.0, lat=30.0, opened_at=NOON, filed_at=NOON,
    due_at=NOON + timedelta(hours=2), handled_at=None, ended_at=None, limit=None, reports=1, waiting=False,
)
ALERT = AlertLine(
    id=5, thing_code="mc-5", thing_name="井盖计 5", rule_name="井盖倾斜", metric="tilt", value=35.0, peak_value=40.0,
    unit_of_measurement="°", level=Level.ORANGE, peak_level=Level.ORANGE, lon=120.001, lat=30.001, raised_at=NOON,
    noticed_at=NOON + timedelta(seconds=1), cleared_at=None, case_id=None,
)


def one(*cases: CaseLine, alerts: tuple[AlertLine, ...] = ()):
    found = rows(cases, alerts)
    assert len(found) == 1
    return found[0]


def test_an_alert_and_its_case_are_one_row():
    row = one(CASE, alerts=(replace(ALERT, case_id=12),))
    assert (row.key, row.group, row.level) == ("case:12", Group.UNDERWAY, Level.ORANGE)
    assert row.alert.id == 5


def test_of_several_alerts_of_a_case_the_worst_speaks():
    milder, graver = replace(ALERT, case_id=12, level=Level.YELLOW), replace(ALERT, id=6, case_id=12, level=Level.RED)
    row = one(CASE, alerts=(milder, graver))
    assert (row.alert.id, row.level) == (6, Level.RED)


def test_an_alert_whose_case_is_not_in_sight_stands_alone():
    row = one(alerts=(replace(ALERT, case_id=99),))
    assert (row.key, row.group) == ("alert:5", Group.UNDERWAY), "somebody else sees the case and is on it"


def test_an_alert_without_a_case_is_never_said_to_be_in_somebodys_hands():
    assert one(alerts=(ALERT,)).group is Group.WATCHED


def test_a_case_stays_in_somebodys_hands_after_its_alert_has_cleared():
    over = replace(ALERT, case_id=12, level=Level.NONE, cleared_at=NOON + timedelta(minutes=5))
    row = one(CASE, alerts=(over,))
    assert (row.group, row.level) == (Group.UNDERWAY, CASE.level)


def test_what_ended_shows_how_severe_it_was_and_when_it_ended():
    end = NOON + timedelta(minutes=9)
    row = one(alerts=(replace(ALERT, level=Level.NONE, cleared_at=end),))
    assert (row.group, row.level, row.since) == (Group.ENDED, Level.ORANGE, end)


def test_the_most_severe_comes_first_then_what_is_due_first():
    later = replace(CASE, id=13, due_at=NOON + timedelta(hours=3))
    sooner = replace(CASE, id=14, due_at=NOON + timedelta(hours=1))
    severe = replace(CASE, id=15, level=Level.RED, due_at=None)
    found = grouped(rows([later, sooner, severe], []))[Group.UNDERWAY]
    assert [row.case.id for row in found] == [15, 14, 13]


def test_a_clock_runs_from_filing_until_the_unit_is_done():
    assert CASE.runs
    assert not replace(CASE, filed_at=None).runs
    assert not replace(CASE, handled_at=NOON).runs
    late = replace(CASE, due_at=NOON - timedelta(hours=1))
    assert late.is_late(NOON)
    assert not replace(late, handled_at=NOON).is_late(NOON)
    assert not replace(CASE, due_at=None).is_late(NOON), "unknown is not late, nor in time"


def test_a_command_is_over_the_areas_of_those_posts_that_command():
    posts = (Post(Role.STREET, "990101001"), Post(Role.COMMUNITY, "990101002001"), Post(Role.ACCEPTOR, "990102"))
    assert commanded(Actor("user:1", posts)) == {"990101001", "990101002001"}


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.EDUCATION, Role.MEDIATOR])
def test_who_has_no_post_at_the_board_hears_nothing(role):
    actor = Actor("user:1", (Post(role, "990101"),))
    assert not may_watch(actor)
    assert not live_scope(actor).areas
    assert not live_scope(actor).units
    assert not may_watch(ANONYMOUS)


def test_live_events_reach_a_post_by_its_area_and_a_unit_by_its_number():
    street = Actor("user:1", (Post(Role.STREET, "990101001"), Post(Role.EDUCATION, "")))
    assert live_scope(street).as_payload() == {"areas": ["990101001"], "units": [], "topics": ["alerts", "cases"]}
    unit = Actor("user:2", (Post(Role.UNIT, "990101", unit=7),))
    assert live_scope(unit).as_payload() == {"areas": [], "units": [7], "topics": ["alerts", "cases"]}


def test_who_sees_alerts_but_no_cases_hears_of_no_case():
    operator = Actor("user:1", (Post(Role.OPERATOR, ""),))
    assert live_scope(operator).as_payload() == {"areas": [""], "units": [], "topics": ["alerts"]}
    both = Actor("user:2", (Post(Role.OPERATOR, ""), Post(Role.STREET, "990101001")))
    assert live_scope(both).areas == ("990101001",), "cases of other areas must not be told for the alerts' sake"


def test_an_announcement_too_long_for_the_channel_is_refused_before_it_is_made():
    said = Announcement(topic="cases", area="", units=(), data={"title": "井" * 3000})
    with pytest.raises(ValueError, match="bytes"):
        said.as_payload()


def test_time_passed_is_told_only_between_what_has_happened():
    assert seconds_between([NOON, None, NOON, NOON + timedelta(seconds=5)]) == [None, None, 5.0]


def test_a_line_of_even_means_keeps_its_gaps():
    points = [(NOON + timedelta(seconds=at), value) for at, value in ((0, 1.0), (10, 3.0), (20, 4.0), (180, 9.0))]
    assert evenly(points, NOON, NOON + timedelta(seconds=200), 10) == [2.0, 4.0, 4.0, *[None] * 6, 9.0]
    assert evenly([], NOON, NOON, 3) == [None] * 3


def test_the_map_shows_every_place_and_never_falls_into_one():
    frame = around([(120.0, 30.0), (120.1, 30.1)])
    assert (frame.lon, frame.lat) == pytest.approx((120.05, 30.05))
    assert around([(120.0, 30.0)]).zoom == around([(120.0, 30.0), (120.0001, 30.0)]).zoom
    assert around([(120.0, 30.0), (121.0, 30.0)]).zoom < frame.zoom
    assert around([]) is None
