"""The operator's page of base-lines: what waits for one, setting it, taking it back, and who may."""

import re

import pytest
from tests.make.areas import EAST, GRID_C, WEST, make_areas, middle_of
from tests.make.board import SYSTEM, at_post
from tests.make.sensing import make_thing

from linli.audit import actions as audit
from linli.kernel.role import Role
from linli.sensing.models import Datastream

PAGE = "/desk/base-lines"


@pytest.fixture
def operator(fresh_db):
    with audit.acting(SYSTEM):
        make_areas()
        client = at_post(Role.OPERATOR, WEST)[0]
    client.cookies["linli_language"] = "en"
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def base_line(code: str, metric: str) -> float | None:
    with audit.acting(SYSTEM):
        return Datastream.objects.get(thing__code=code, metric=metric).base_line


def test_without_such_a_device_the_page_says_so(operator):
    assert "No rule in your area counts from a base-line." in text_of(operator.get(PAGE))


def test_a_base_line_is_set_shown_and_taken_back(operator):
    with audit.acting(SYSTEM):
        make_thing("sl-1", kit="sewer_level")
        make_thing("mc-1")
    page = text_of(operator.get(PAGE))
    assert "Not known 1" in page
    assert "sl-1" in page
    assert "mc-1" not in page
    answer = operator.post(PAGE, {"device": "sl-1", "metric": "level_m", "value": " 2.5 "})
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert base_line("sl-1", "level_m") == 2.5
    assert "Every base-line that is needed is known." in text_of(operator.get(PAGE))
    assert 'value="2.5"' in operator.get(f"{PAGE}?show=set&q=sl-1").content.decode()
    assert operator.post(PAGE, {"device": "sl-1", "metric": "level_m", "value": ""}).status_code == 302
    assert base_line("sl-1", "level_m") is None


@pytest.mark.parametrize("value", ["two", "nan", "1e999", "2,5"])
def test_what_is_no_number_is_refused_and_stays_in_its_field(operator, value):
    with audit.acting(SYSTEM):
        make_thing("sl-1", kit="sewer_level")
    answer = operator.post(PAGE, {"device": "sl-1", "metric": "level_m", "value": value})
    assert answer.status_code == 422
    assert "A base-line is a finite number." in text_of(answer)
    assert f'value="{value}" aria-invalid="true"' in answer.content.decode()
    assert base_line("sl-1", "level_m") is None


def test_a_device_elsewhere_is_neither_listed_nor_set(operator):
    with audit.acting(SYSTEM):
        make_thing("sl-east", kit="sewer_level", where=middle_of(2))
        assert Datastream.objects.filter(thing__area_code=GRID_C).exists()
        east = at_post(Role.OPERATOR, EAST)[0]
        guard = at_post(Role.COMMUNITY, EAST)[0]
    assert "sl-east" not in operator.get(f"{PAGE}?show=all").content.decode()
    given = {"device": "sl-east", "metric": "level_m", "value": "2"}
    assert operator.post(PAGE, given).status_code == 404
    assert guard.get(PAGE).status_code == guard.post(PAGE, given).status_code == 404
    assert east.post(PAGE, given).status_code == 302
    assert base_line("sl-east", "level_m") == 2


@pytest.mark.parametrize("asked", ["show=nonsense", "show=all&page=9", "q=%00"])
def test_odd_questions_do_no_harm(operator, asked):
    assert operator.get(f"{PAGE}?{asked}").status_code in (200, 404)


def test_the_devices_page_leads_the_operator_there_and_nobody_else(operator):
    with audit.acting(SYSTEM):
        make_thing("sl-1", kit="sewer_level")
        guard = at_post(Role.COMMUNITY, WEST)[0]
    address = "/desk/things/sl-1?metric=level_m"
    assert f'href="{PAGE}?show=all&amp;q=sl-1"' in operator.get(address).content.decode()
    assert PAGE not in guard.get(address).content.decode()
    assert f'href="{PAGE}"' in operator.get("/desk/things/").content.decode()
    assert PAGE not in guard.get("/desk/things/").content.decode()


def test_a_gateway_is_asked_for_when_a_device_is_adopted_and_leads_to_its_devices(operator):
    with audit.acting(SYSTEM):
        whole = at_post(Role.OPERATOR, "")[0]
        made = {"name": "计", "kit": "manhole", "lon": middle_of(0).lon, "lat": middle_of(0).lat, "deed": "adopt"}
    refused = whole.post("/desk/quarantine", {**made, "device": "mc-1", "gateway": "a b"})
    assert refused.status_code in (404, 422)
    assert whole.post("/desk/quarantine", {**made, "device": "mc-1", "gateway": "gw-7"}).status_code == 302
    assert 'href="/desk/things/?q=gw-7"' in whole.get("/desk/things/mc-1").content.decode()
    assert "/desk/things/mc-1" in whole.get("/desk/things/?q=gw-7").content.decode()
