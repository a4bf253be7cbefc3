"""Everybody may ask where a place lies and how an area is drawn."""

from django.test import Client
from tests.make.areas import GRID_A, WEST, make_areas, middle_of


def test_where_a_place_lies(system, client: Client):
    make_areas()
    here = middle_of(0)
    answer = client.get("/api/v1/areas/at", {"lon": here.lon, "lat": here.lat})
    assert answer.json() == {"grid": GRID_A, "area_code": GRID_A, "label": "柳塘社区 网格 001"}


def test_a_place_off_the_earth_is_refused_by_name_of_the_field(system, client: Client):
    answer = client.get("/api/v1/areas/at", {"lon": 200, "lat": 30})
    assert (answer.status_code, answer.json()["field"]) == (422, "lon")


def test_areas_are_listed_and_drawn(system, client: Client):
    make_areas()
    listed = client.get("/api/v1/areas", {"kind": "grid", "within": WEST}).json()
    assert [area["code"] for area in listed] == [GRID_A, f"{WEST}002"]
    drawn = client.get(f"/api/v1/areas/{GRID_A}").json()
    assert (drawn["kind"], drawn["geometry"]["type"]) == ("grid", "Polygon")


def test_an_unknown_area_does_not_exist(system, client: Client):
    answer = client.get("/api/v1/areas/990101009")
    assert (answer.status_code, answer.json()["code"]) == (404, "areas.no_such_area")
