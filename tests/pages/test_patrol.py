"""A grid worker's report from the desk (网格上报)."""

import re

import pytest
from tests.make.areas import EAST, GRID_A, GRID_C, middle_of
from tests.make.browsing import at, text_of
from tests.make.desk import COVER, photo_file

from linli.cases.models import Case


def patrol(client, **changed):
    page = client.get("/desk/report").content.decode()
    ref = re.search(r'name="ref" value="([^"]+)"', page).group(1)
    given = {"ref": ref, "text": "井盖松动", "category": "manhole_damaged", "lon": str(middle_of(0).lon),
             "lat": str(middle_of(0).lat)}
    return client.post("/desk/report", {**given, **changed})


def test_a_grid_worker_reports_from_the_desk():
    answer = patrol(at("grid"), photos=photo_file())
    assert answer.status_code == 302
    [case] = Case.objects.all()
    assert answer.headers["Location"] == f"/desk/cases/{case.number}?done=opened"
    page = text_of(at("grid").get(answer.headers["Location"]))
    assert "网格员" in page
    assert "井盖松动" in page


@pytest.mark.parametrize("given", [{"code": COVER}, {"grid": GRID_A, "lon": "", "lat": ""}, {"component": COVER}])
def test_a_grid_worker_names_the_place_in_three_ways(given):
    assert patrol(at("grid"), **given).status_code == 302
    [case] = Case.objects.all()
    assert case.area_code == GRID_A


def test_what_is_seen_in_anothers_grid_is_taken_and_left_to_them():
    answer = patrol(at("grid"), lon=str(middle_of(2).lon), lat=str(middle_of(2).lat))
    [case] = Case.objects.all()
    assert case.area_code == GRID_C
    assert answer.headers["Location"] == "/field/?done=elsewhere"
    assert "不在您的网格内" in at("grid").get(answer.headers["Location"]).content.decode()
    assert at("grid").get(f"/desk/cases/{case.number}").status_code == 404


@pytest.mark.parametrize("wrong", [
    {"category": ""}, {"lon": "", "lat": ""}, {"lon": "10", "lat": "10"}, {"code": "123"}, {"grid": EAST}, {"ref": ""},
    {"text": "字" * 2001}])
def test_a_patrol_report_that_cannot_be_taken_keeps_words_and_photos(wrong):
    answer = patrol(at("grid"), photos=photo_file(), **wrong)
    page = text_of(answer)
    assert answer.status_code in (404, 422)
    assert 'name="kept"' in page
    assert "松动" in page or "字字" in page
    assert not Case.objects.exists()


def test_only_a_grid_worker_reports_as_one():
    assert at("acceptor").get("/desk/report").status_code == 403
    assert at("acceptor").post("/desk/report", {}).status_code == 403
