"""The board looks back: what was open then, as it stood then, from what was written down (回放)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.make import clock as set_clock
from tests.make.areas import GRID_C, STREET, WEST, middle_of
from tests.make.board import at_post, make_alert
from tests.make.cases import ACCEPTOR, CHECKER, DISPATCHER, HAZARD, handler, make_case, make_district, make_photo

from linli.alerts.models import Alert, Trace
from linli.cases import actions as cases
from linli.cases.models import Case
from linli.command.domain.past import BIN, REACH, STEP, Bin, bins, looked_back_to, newest
from linli.kernel import clock
from linli.kernel.level import Level
from linli.kernel.role import Role

BUDGET = 11
SCOPE = re.compile(r"SAVEPOINT|BEGIN|COMMIT|set_config|current_setting")


@pytest.fixture
def units(system):
    cases.load_catalogue()
    return make_district()


@pytest.fixture
def hours() -> list[datetime]:
    """Twenty-four moments of the last day, an hour apart, oldest first; the first is on the scale."""
    first = newest(clock.now()) - timedelta(hours=23)
    return [first + timedelta(hours=n) for n in range(24)]


def then(at: datetime) -> str:
    return f"{at.timestamp():.0f}"


def rows_at(client, at: datetime, show: str = "all") -> dict[str, str]:
    """Return what the stream showed at that moment: each row with its words."""
    page = client.get(f"/command/stream?show={show}&at={then(at)}").content.decode()
    assert 'name="since"' not in page
    found = re.findall(r'<a id="row-([^"]+)"(.*?)</li>', page, re.DOTALL)
    return {key: re.sub(r"<[^>]+>", " ", words) for key, words in found}


def walk(hours: list[datetime], unit: int) -> Case:
    """Let a case be reported, accepted, filed, dispatched, handled, checked and closed, each two hours on."""
    with set_clock.at(hours[0]):
        case = make_case()
    for at, name, actor, given in (
        (2, "accept", ACCEPTOR, {}), (4, "file", ACCEPTOR, {"condition": HAZARD, "reason": "急"}),
        (6, "dispatch", DISPATCHER, {"unit": unit}), (8, "report_done", handler(unit), {}), (10, "check", CHECKER, {}),
        (12, "close", ACCEPTOR, {"condition_met": True}),
    ):
        with set_clock.at(hours[at]):
            photos = {"evidence": [make_photo(actor)]} if name in ("report_done", "check") else {}
            cases.move(case.pk, name, actor=actor, **given, **photos)
    return case


def test_a_case_is_shown_at_the_step_at_which_it_stood(units, hours):
    case = walk(hours, units["duty"])
    client, _user = at_post(Role.STREET, STREET)
    half = timedelta(minutes=30)
    words = [rows_at(client, at + half).get(f"case:{case.pk}", "") for at in hours[:23]]
    stages = ("受理", "立案", "派遣", "处置", "核查", "结案")
    told = [next((stage for stage in stages if stage in row), "") for row in words]
    assert told == [stage for stage in stages for _hour in range(2)] + [""] * 11
    assert rows_at(client, hours[0] - STEP) == {}


def test_its_clock_runs_as_it_ran_and_the_card_knows_nothing_of_what_came_later(units, hours):
    case = walk(hours, units["duty"])
    client, _user = at_post(Role.STREET, STREET)
    assert "超" not in rows_at(client, hours[5])[f"case:{case.pk}"]
    assert "超" in rows_at(client, hours[7])[f"case:{case.pk}"], "two hours were the limit"
    assert list(rows_at(client, hours[7], "late")) == [f"case:{case.pk}"]
    assert rows_at(client, hours[5], "late") == {}
    card = client.get(f"/command/chain/case/{case.pk}?at={then(hours[7])}").content.decode()
    assert "已派" in card or "sent" in card or "派出" in card
    assert "核查" in card
    assert len(re.findall(r'class="lk[^"]*todo', card)) == 2
    assert client.get(f"/command/chain/case/{case.pk}?at={then(hours[20])}").status_code == 404


def test_an_extension_since_leaves_the_limit_of_then_unsaid(units, hours):
    with set_clock.at(hours[0]):
        case = make_case()
    for at, name, actor, given in (
        (0, "accept", ACCEPTOR, {}), (0, "file", ACCEPTOR, {"condition": HAZARD, "reason": "急"}),
        (0, "dispatch", DISPATCHER, {"unit": units["duty"]}),
        (1, "ask_extension", handler(units["duty"]), {"reason": "缺件"}), (1, "agree_extension", DISPATCHER, {}),
    ):
        with set_clock.at(hours[at]):
            cases.move(case.pk, name, actor=actor, **given)
    client, _user = at_post(Role.STREET, STREET)
    assert "剩" not in rows_at(client, hours[0] + STEP)[f"case:{case.pk}"]
    assert "剩" in rows_at(client, hours[1] + STEP)[f"case:{case.pk}"]


def test_a_merged_case_is_gone_from_the_moment_it_rests(units, hours):
    with set_clock.at(hours[0]):
        main, other = make_case(), make_case(where=middle_of(1))
    with set_clock.at(hours[5]):
        cases.merge_cases(main.pk, other.pk, actor=ACCEPTOR)
    client, _user = at_post(Role.STREET, STREET)
    assert set(rows_at(client, hours[2])) == {f"case:{main.pk}", f"case:{other.pk}"}
    assert set(rows_at(client, hours[7])) == {f"case:{main.pk}"}
    assert "case:" + str(other.pk) not in client.get("/command/").content.decode()


def told_of(alert: Alert, number: int, at: datetime, level: Level, value: float) -> None:
    Trace.objects.create(exceedance=number, alert=alert, datastream_id=alert.datastream_id, ts=at, level_from=0,
                         level_to=level.value, value=value, taken_at=at)


def test_an_alert_has_the_level_it_had_and_is_gone_when_it_had_cleared(units, hours):
    alert = make_alert(Level.NONE, peak_level="red", raised_at=hours[3], noticed_at=hours[3], changed_at=hours[9],
                       cleared_at=hours[12])
    for number, (at, level, value) in enumerate(((3, Level.YELLOW, 11.0), (6, Level.RED, 40.0), (9, Level.BLUE, 9.0))):
        told_of(alert, number + 1, hours[at], level, value)
    client, _user = at_post(Role.STREET, STREET)
    key, half = f"alert:{alert.pk}", timedelta(minutes=30)
    shown = [(rows_at(client, at + half).get(key) or "").split() for at in hours[2:14]]
    assert [row[row.index("°") - 1] if row else "" for row in shown] == [
        "", "11", "11", "11", "40", "40", "40", "9", "9", "9", "", ""]
    assert list(rows_at(client, hours[7], "red")) == [f"{key}-{alert.pk}"]
    assert rows_at(client, hours[4], "red") == {}


def test_an_alert_that_no_reading_moved_keeps_its_level(units, hours):
    alert = make_alert(Level.YELLOW, raised_at=hours[3], noticed_at=hours[3])
    client, _user = at_post(Role.STREET, STREET)
    assert f"alert:{alert.pk}-{alert.pk}" in rows_at(client, hours[8], "yellow")
    assert rows_at(client, hours[2]) == {}


def test_every_figure_of_then_opens_as_many_rows_and_the_map_marks_each_chain(units, hours):
    case = walk(hours, units["duty"])
    with set_clock.at(hours[1]):
        make_case(where=middle_of(1))
    alert = make_alert(Level.ORANGE, raised_at=hours[1], noticed_at=hours[1])
    Alert.objects.filter(pk=alert.pk).update(case=case)
    client, _user = at_post(Role.STREET, STREET)
    at = hours[5]
    page = client.get(f"/command/figures?at={then(at)}").content.decode()
    number = r"(?:<svg.*?</svg>|<b>|<span>[^<]*</span><svg.*?</svg><b>)([0-9]+)"
    figures = re.findall(rf'[?]show=([a-z]+)&amp;at=[0-9]+"[^>]*>{number}', page)
    assert len(figures) > 8
    for name, count in figures:
        assert len(rows_at(client, at, name)) == int(count), name
    pins = client.get(f"/api/v1/board/pins?at={then(at)}").json()["features"]
    assert len(pins) == len(rows_at(client, at)) == 2
    assert all(f"at={then(at)}" in pin["properties"]["url"] for pin in pins)


def test_looking_back_one_sees_no_further_than_now(units, hours):
    with set_clock.at(hours[0]):
        make_case(where=middle_of(2))
    make_alert(area=GRID_C, raised_at=hours[0], noticed_at=hours[0])
    west, _user = at_post(Role.COMMUNITY, WEST)
    assert rows_at(west, hours[5]) == {}
    assert west.get(f"/api/v1/board/pins?at={then(hours[5])}").json()["features"] == []


@pytest.mark.parametrize("given", ["", "x", "-1", "９", "99999999999999", "1", "1e9"])
def test_a_moment_that_is_not_of_the_last_day_is_the_present(given):
    assert looked_back_to(given, clock.now()) is None


def test_the_scale_ends_at_the_present():
    now = datetime(2026, 11, 23, 16, 42, 7, tzinfo=UTC)
    assert newest(now) == now.replace(minute=40, second=0)
    assert looked_back_to(then(newest(now)), now) is None
    assert looked_back_to(then(newest(now) - STEP), now) == newest(now) - STEP
    assert looked_back_to(then(newest(now) - REACH), now) == newest(now) - REACH
    assert looked_back_to(then(newest(now) - REACH - STEP), now) is None


def test_half_hours_without_an_alert_are_on_the_scale_too():
    now = datetime(2026, 11, 23, 16, 42, 7, tzinfo=UTC)
    one = Bin(datetime(2026, 11, 23, 16, 0, tzinfo=UTC), 3, Level.ORANGE)
    found = bins([one], now)
    assert (len(found), found[-2], sum(each.count for each in found)) == (49, one, 3)
    assert found[0].begins_at <= newest(now) - REACH < found[1].begins_at
    assert found[-1].begins_at <= now < found[-1].begins_at + BIN


@pytest.mark.parametrize("address", ["/command/", "/command/stream", "/command/figures", "/api/v1/board/pins"])
def test_looking_back_keeps_the_query_budget(units, hours, address):
    walk(hours, units["duty"])
    for at in range(6):
        make_alert(raised_at=hours[at], noticed_at=hours[at])
    client, _user = at_post(Role.STREET, STREET)
    client.get(address, {"at": then(hours[8])})
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, {"at": then(hours[8])}).status_code == 200
    spent = [query["sql"] for query in asked.captured_queries if not SCOPE.search(query["sql"])]
    assert len(spent) <= BUDGET, "\n".join(spent)
