"""The board in a browser's place: scope, figures that equal their rows, query budgets, escaping (指挥看板)."""

import json
import re
from datetime import timedelta
from html import escape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.make.areas import EAST, GRID_C, STREET, WEST, middle_of
from tests.make.board import at_post, cleared, make_alert, make_stream
from tests.make.cases import SYSTEM, make_case, make_district

from linli.alerts.models import Alert
from linli.audit import actions as audit
from linli.cases.models import Case
from linli.command.domain.figures import CHOICES
from linli.kernel import clock
from linli.kernel.level import Level
from linli.kernel.role import Role

BUDGET = 11
SCOPE = re.compile(r"SAVEPOINT|BEGIN|COMMIT|set_config|current_setting")


@pytest.fixture
def units(system):
    from linli.cases import actions as cases

    cases.load_catalogue()
    return make_district()


def rows_of(page: str) -> list[str]:
    return re.findall(r'<a id="row-([^"]+)"', page)


def spent(client, address: str, **headers) -> list[str]:
    with CaptureQueriesContext(connection, ) as asked:
        assert client.get(address, headers=headers).status_code == 200
    return [query["sql"] for query in asked.captured_queries if not SCOPE.search(query["sql"])]


def set_case(case: Case, **fields) -> None:
    if "due_at" in fields:
        start, due = fields["filed_at"], fields["due_at"]
        fields |= {"started_at": start, "near_at": start + 0.8 * (due - start)}
    Case.objects.filter(pk=case.pk).update(**fields)


def test_a_stranger_is_sent_to_sign_in_and_a_resident_finds_no_board(units, client):
    answer = client.get("/command/")
    assert (answer.status_code, answer.url) == (302, "/sign-in?next=/command/")
    resident, _user = at_post(Role.RESIDENT)
    for address in ("/command/", "/command/stream", "/command/figures", "/command/chain/alert/1"):
        assert resident.get(address).status_code == 404
    assert resident.get("/api/v1/board/pins").status_code == 404


def test_a_wall_whose_session_has_ended_is_led_to_the_door(units, client):
    answer = client.get("/command/stream", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in?next=/command/")


@pytest.mark.parametrize("role", [Role.STREET, Role.DISTRICT, Role.COMMUNITY, Role.DISPATCHER, Role.ACCEPTOR, Role.GRID,
                                  Role.CHECKER, Role.AUDITOR])
def test_every_post_at_the_board_sees_its_own_area_only(units, role):
    west, east = make_alert(), make_alert(area=GRID_C)
    mine = make_case()
    other = make_case(where=middle_of(2))
    client, _user = at_post(role, WEST)
    assert sorted(rows_of(client.get("/command/").content.decode())) == [f"row-alert:{west.pk}"[4:], f"case:{mine.pk}"]
    pins = client.get("/api/v1/board/pins").json()
    assert {(p["properties"]["kind"], p["properties"]["id"]) for p in pins["features"]} == {
        ("alert", west.pk), ("case", mine.pk)}
    assert client.get(f"/command/chain/alert/{west.pk}").status_code == 200
    assert client.get(f"/command/chain/alert/{east.pk}").status_code == 404
    assert client.get(f"/command/chain/case/{other.pk}").status_code == 404


def test_a_post_that_does_not_watch_widens_nothing(units):
    make_alert(area=GRID_C)
    make_case(where=middle_of(2))
    client, user = at_post(Role.COMMUNITY, WEST)
    user.posts.create(role=Role.MEDIATOR.value, name="调解 01", area_code="", valid_from=clock.now())
    assert rows_of(client.get("/command/").content.decode()) == []
    assert client.get("/api/v1/board/pins").json()["features"] == []


def test_the_operator_sees_alerts_but_no_cases(units):
    alert, case = make_alert(), make_case()
    Alert.objects.filter(pk=alert.pk).update(case=case)
    make_case(where=middle_of(3))
    client, _user = at_post(Role.OPERATOR, "")
    page = client.get("/command/").content.decode()
    assert rows_of(page) == [f"alert:{alert.pk}"]
    assert [pin["properties"]["kind"] for pin in client.get("/api/v1/board/pins").json()["features"]] == ["alert"]
    assert case.number not in page
    assert client.get(f"/command/chain/case/{case.pk}").status_code == 404
    assert case.number not in client.get(f"/command/chain/alert/{alert.pk}").content.decode()


def test_a_unit_sees_what_it_was_sent_to_with_the_alert_behind_it_and_nothing_else(units):
    alert, case, other = make_alert(), make_case(), make_case(where=middle_of(3))
    Alert.objects.filter(pk=alert.pk).update(case=case)
    make_alert()
    client, _user = at_post(Role.UNIT, unit=units["duty"])
    assert rows_of(client.get("/command/").content.decode()) == []
    dispatch(case, units["duty"])
    page = client.get("/command/").content.decode()
    assert rows_of(page) == [f"case:{case.pk}"]
    chain = client.get(f"/command/chain/case/{case.pk}").content.decode()
    assert alert.thing_code in chain
    assert f"/desk/things/{alert.thing_code}" not in chain, "the device's page is not the unit's"
    assert client.get(f"/command/chain/case/{other.pk}").status_code == 404
    assert client.get(f"/command/chain/alert/{alert.pk}").status_code == 404


def dispatch(case: Case, unit: int) -> None:
    from tests.make.cases import ACCEPTOR, DISPATCHER, HAZARD

    from linli.cases import actions as cases

    cases.move(case.pk, "accept", actor=ACCEPTOR)
    cases.move(case.pk, "file", actor=ACCEPTOR, condition=HAZARD, reason="急")
    cases.move(case.pk, "dispatch", actor=DISPATCHER, unit=unit)


def test_an_alert_with_its_case_is_one_row_and_one_mark(units):
    alert, case = make_alert(), make_case()
    Alert.objects.filter(pk=alert.pk).update(case=case)
    client, _user = at_post(Role.STREET, STREET)
    assert rows_of(client.get("/command/").content.decode()) == [f"case:{case.pk}"]
    [pin] = client.get("/api/v1/board/pins").json()["features"]
    assert (pin["properties"]["kind"], pin["properties"]["id"]) == ("alert", alert.pk)
    assert f'data-pin="alert:{alert.pk}"' in client.get("/command/").content.decode()


def test_every_figure_opens_exactly_as_many_rows(units):
    levels = [Level.RED, Level.ORANGE, Level.ORANGE, Level.YELLOW, Level.BLUE]
    alerts = [make_alert(level) for level in levels]
    cleared(make_alert())
    cases = [make_case(where=middle_of(at)) for at in range(4)]
    Alert.objects.filter(pk=alerts[0].pk).update(case=cases[0])
    now = clock.now()
    for case in cases[:3]:
        dispatch(case, units["duty"])
    set_case(cases[0], filed_at=now - timedelta(hours=3), due_at=now - timedelta(hours=1))
    set_case(cases[1], filed_at=now - timedelta(hours=9), due_at=now + timedelta(hours=1))
    set_case(cases[2], filed_at=now - timedelta(hours=1), due_at=now + timedelta(hours=9))
    client, _user = at_post(Role.STREET, STREET)
    page = client.get("/command/figures").content.decode()
    told = dict(re.findall(r'href="/command/\?show=(\w+)"[^>]*>(?:(?!</a>).)*?(\d+)</b', page, re.DOTALL))
    told |= dict(re.findall(r'href="/command/\?show=(red|orange|yellow|blue)"[^>]*>(?:(?!</a>).)*?(\d+)</a>', page,
                            re.DOTALL))
    assert told == {"red": "1", "orange": "2", "yellow": "1", "blue": "1", "cases": "4", "late": "1", "near": "1",
                    "reported": "1", "accepted": "0", "verifying": "0",
                    "filed": "0", "dispatched": "3", "handled": "0", "checked": "0"}
    for name in CHOICES.keys() - {"alerts"}:
        assert len(rows_of(client.get(f"/command/?show={name}").content.decode())) == int(told[name]), name
    assert len(rows_of(client.get("/command/?show=alerts").content.decode())) == 5


def test_the_number_of_devices_opens_those_devices(units):
    make_stream()
    client, _user = at_post(Role.STREET, STREET)
    page = client.get("/command/figures").content.decode()
    assert re.search(r'show=heard"><b>0</b></a><small>/ 1<', page)
    assert re.search(r'show=silent">1 ', page)
    assert client.get("/desk/things/?show=heard").context["page"].paginator.count == 0
    assert client.get("/desk/things/?show=silent").context["page"].paginator.count == 1


def test_what_one_may_not_see_is_not_shown_as_none(units):
    operator = at_post(Role.OPERATOR, "")[0].get("/command/").content.decode()
    unit = at_post(Role.UNIT, unit=units["duty"])[0].get("/command/").content.decode()
    street = at_post(Role.STREET, STREET)[0].get("/command/").content.decode()
    shown = [["show=red" in page, "show=cases" in page, "/desk/things/?show=heard" in page]
             for page in (operator, unit, street)]
    assert shown == [[True, False, True], [False, True, False], [True, True, True]]


def test_what_waits_is_said_to_wait_only_for_whom_it_does(units):
    case = make_case()
    for role, waits in ((Role.ACCEPTOR, True), (Role.DISPATCHER, False), (Role.STREET, False)):
        client, _user = at_post(role, STREET)
        assert ('class="ev ask"' in client.get("/command/").content.decode()) is waits, role
    set_case(case, level="red")
    client, _user = at_post(Role.STREET, STREET)
    assert 'class="ev ask"' in client.get("/command/").content.decode()


def test_who_handled_a_case_is_not_told_to_judge_it(units):
    case = make_case()
    dispatch(case, units["duty"])
    checker, user = at_post(Role.CHECKER, STREET)
    set_case(case, state="handled", handled_at=clock.now(), handled_by=f"user:{user.pk}")
    assert 'class="ev ask"' not in checker.get("/command/").content.decode()
    set_case(case, handled_by="user:0")
    assert 'class="ev ask"' in checker.get("/command/").content.decode()


def test_only_what_came_since_the_reader_last_looked_fades_in(units):
    make_alert()
    client, _user = at_post(Role.STREET, STREET)
    seen = (clock.now() - timedelta(minutes=1)).isoformat()
    fresh = make_alert(minutes=0)
    page = client.get("/command/stream", {"since": seen}).content.decode()
    assert page.count("arrived") == 1
    assert re.search(rf'arrived"><a id="row-alert:{fresh.pk}"', page)
    assert "arrived" not in client.get("/command/stream").content.decode()


def test_a_choice_longer_than_a_page_is_turned_over(units):
    for _ in range(51):
        make_alert(Level.YELLOW)
    client, _user = at_post(Role.STREET, STREET)
    first, second = (client.get(f"/command/?show=yellow&page={n}").content.decode() for n in (1, 2))
    assert (len(rows_of(first)), len(rows_of(second))) == (50, 1)
    assert not set(rows_of(first)) & set(rows_of(second))


@pytest.mark.parametrize("query", ["show=nonsense", "select=case:x", "select=person:1", "page=0", "page=99999",
                                   "select=case:1%00", "page=%00"])
def test_an_address_that_cannot_be_is_not_found(units, query):
    client, _user = at_post(Role.STREET, STREET)
    assert client.get(f"/command/?{query}").status_code == 404


@pytest.mark.parametrize("since", ["yesterday", "2026-13-40T00:00:00Z", "2026-11-23T00:00:00", "%00"])
def test_a_since_that_cannot_be_read_makes_nothing_new(units, since):
    make_alert()
    client, _user = at_post(Role.STREET, STREET)
    page = client.get(f"/command/stream?since={since}").content.decode()
    assert len(rows_of(page)) == 1
    assert "arrived" not in page


def test_a_name_that_wants_to_be_markup_stays_a_name(units):
    evil = '<script>alert("1")</script>'
    make_alert(thing_name=evil, rule_name="</script><b>", unit_of_measurement="<i>")
    client, _user = at_post(Role.STREET, STREET)
    alert = Alert.objects.get(thing_name=evil)
    for address in ("/command/", f"/command/?select=alert:{alert.pk}", f"/command/chain/alert/{alert.pk}"):
        page = client.get(address).content.decode()
        assert evil not in page
        assert "</script><b>" not in page
        assert escape(evil) in page
    [pin] = client.get("/api/v1/board/pins").json()["features"]
    assert pin["properties"]["title"] == "</script><b>"


def test_no_page_of_the_board_has_script_or_style_in_it(units):
    alert = make_alert()
    client, _user = at_post(Role.STREET, STREET)
    for address in ("/command/", "/command/stream", "/command/figures", f"/command/chain/alert/{alert.pk}"):
        page = client.get(address).content.decode()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page), address
        assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", page)), address


@pytest.mark.parametrize("address", ["/command/", "/command/?show=alerts", "/command/?show=late", "/command/stream",
                                     "/command/figures", "/api/v1/board/pins"])
def test_a_page_of_the_board_keeps_its_query_budget(units, address):
    alerts = [make_alert() for _ in range(12)]
    cases = [make_case(where=middle_of(at)) for at in range(4)]
    Alert.objects.filter(pk=alerts[0].pk).update(case=cases[0])
    client, _user = at_post(Role.STREET, STREET)
    client.get(address)
    asked = spent(client, address)
    assert len(asked) <= BUDGET, "\n".join(asked)


def test_the_card_keeps_its_query_budget(units):
    alert, case = make_alert(), make_case()
    Alert.objects.filter(pk=alert.pk).update(case=case)
    client, _user = at_post(Role.STREET, STREET)
    asked = spent(client, f"/command/chain/case/{case.pk}", **{"HX-Request": "true"})
    assert len(asked) <= BUDGET, "\n".join(asked)


def test_the_card_tells_the_map_where_the_matter_is(units):
    alert = make_alert()
    client, _user = at_post(Role.STREET, STREET)
    answer = client.get(f"/command/chain/alert/{alert.pk}", headers={"HX-Request": "true"})
    told = json.loads(answer["HX-Trigger-After-Swap"])["linli:chosen"]
    assert (told["lon"], told["lat"]) == (alert.lon, alert.lat)
    again = client.get(f"/command/chain/alert/{alert.pk}?again=1", headers={"HX-Request": "true"})
    assert "HX-Trigger-After-Swap" not in again, "a refresh is no new choice"


def test_the_card_of_a_group_fault_names_every_device(units):
    alert = make_alert(gathers="gateway:gw-1", members=["mc-001", "mc-002", "mc-003"])
    card = at_post(Role.STREET)[0].get(f"/command/chain/alert/{alert.pk}").content.decode()
    for code in alert.members:
        assert f'href="/desk/things/{code}"' in card
    assert "3 台设备" in card


def test_the_card_goes_on_showing_what_an_ended_matter_was(units):
    alert = cleared(make_alert(Level.RED))
    client, _user = at_post(Role.STREET, STREET)
    page = client.get(f"/command/chain/alert/{alert.pk}").content.decode()
    assert "lv red" in page
    assert client.get("/command/?select=alert:987654321").status_code == 200
    assert client.get("/command/chain/alert/987654321").status_code == 404


def test_the_east_does_not_see_the_west(units):
    with audit.acting(SYSTEM):
        make_alert()
        make_case()
    client, _user = at_post(Role.COMMUNITY, EAST)
    page = client.get("/command/").content.decode()
    assert rows_of(page) == []
    assert client.get("/api/v1/board/pins").json() == {"type": "FeatureCollection", "features": []}
