"""The API of cases: what anybody may do, what a post may do, and what does not exist for it."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.conftest import sign_in
from tests.make.areas import DISTRICT, EAST, middle_of
from tests.make.assets import make_component
from tests.make.cases import HAZARD, SYSTEM, case_now, make_case, make_case_in, make_district

from linli.accounts import actions as accounts
from linli.accounts.actions import NewPost
from linli.cases.api import CaseLine
from linli.cases.models import Case
from linli.kernel.role import Role


@pytest.fixture
def units(system) -> dict[str, int]:
    units = make_district()
    accounts.make_demo_accounts({  # one hash for all
        name: [NewPost(role=role, name=name, area=area, unit=unit)] for name, role, area, unit in (
            ("acceptor", Role.ACCEPTOR, DISTRICT, None), ("stranger", Role.ACCEPTOR, EAST, None),
            ("dispatcher", Role.DISPATCHER, DISTRICT, None), ("handler", Role.UNIT, DISTRICT, units["drains"]),
            ("walker", Role.GRID, DISTRICT, None), ("nobody", Role.RESIDENT, DISTRICT, None),
        )
    }, actor=SYSTEM)
    return units


def signed_in(name: str) -> Client:
    client = Client()
    sign_in(client, name)
    return client


def report(**changes: object) -> dict[str, object]:
    where = middle_of(0)
    return {"source_ref": str(uuid4()), "category": "manhole_missing", "lon": where.lon, "lat": where.lat, **changes}


def post(client: Client, path: str, body: object):
    return client.post(f"/api/v1{path}", body, content_type="application/json")


def test_anybody_reports_with_a_photo_and_a_component(units, client):
    make_component(maintaining=units["drains"])
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG")
    kept = client.post("/api/v1/photos", {"photo": SimpleUploadedFile("p.jpg", out.getvalue(), "image/jpeg")})
    assert kept.status_code == 201, kept.content
    answer = post(client, "/reports", report(photos=[kept.json()["id"]], component_code="9901010103000001"))
    assert answer.status_code == 201, answer.content
    case = Case.objects.get(number=answer.json()["number"])
    assert (case.route_rule, case.unit_id) == ("component", units["drains"])
    assert len(answer.json()["follow_token"]) >= 22
    assert "id" not in answer.json()


@pytest.mark.parametrize(("change", "status", "field"), [
    ({"lon": 121.0}, 422, "where"), ({"lat": 91}, 422, "lat"), ({"category": "x"}, 422, "category"),
    ({"component_code": "9901010103999999"}, 422, "component_code"), ({"text": "x" * 2001}, 422, "text"),
    ({"source": "sensor"}, 403, ""), ({"source": "grid"}, 403, ""), ({"photos": [str(uuid4())]}, 422, "photos"),
])
def test_a_report_that_cannot_be_taken_says_why(units, client, change, status, field):
    answer = post(client, "/reports", report(**change))
    assert (answer.status_code, answer.json()["field"]) == (status, field), answer.content
    assert answer.json()["message"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", '{"lon": "NaN"}', '{"lon": NaN, "lat": 30}', ""])
def test_a_body_that_is_no_report_is_refused(units, client, body):
    assert client.post("/api/v1/reports", body, content_type="application/json").status_code in (400, 422)


def test_a_file_that_is_no_photo_is_refused(units, client):
    answer = client.post("/api/v1/photos", {"photo": SimpleUploadedFile("p.jpg", b"<script>", "image/jpeg")})
    assert (answer.status_code, answer.json()["code"]) == (422, "files.not_a_photo")


@pytest.mark.parametrize("path", ["/cases", "/cases/pins", "/cases/1"])
def test_reading_needs_somebody_signed_in(units, client, path):
    assert client.get(f"/api/v1{path}").status_code == 401


def test_a_grid_worker_reports_as_such(units):
    answer = post(signed_in("walker"), "/reports", report(source="grid"))
    assert answer.status_code == 201
    assert answer.json()["follow_token"] is None


def test_a_post_lists_and_opens_the_cases_of_its_area_and_no_others(units):
    case = make_case()
    mine, other = signed_in("acceptor"), signed_in("stranger")
    lines = mine.get("/api/v1/cases?queue=to_accept").json()
    assert [CaseLine.model_validate(line).number for line in lines] == [case.number]
    assert mine.get("/api/v1/cases?state=closed").json() == []
    assert len(mine.get("/api/v1/cases/pins").json()["features"]) == 1
    opened = mine.get(f"/api/v1/cases/{case.pk}").json()
    assert (opened["moves"], opened["steps"][0]["move"]) == (["accept", "reject"], "opened")
    assert opened["late"] is None
    for name in ("stranger", "nobody"):
        other = signed_in(name)
        assert other.get("/api/v1/cases").json() == []
        assert other.get("/api/v1/cases/pins").json()["features"] == []
        assert other.get(f"/api/v1/cases/{case.pk}").status_code == 404
        assert post(other, f"/cases/{case.pk}/moves/accept", {}).status_code == 404
        assert other.get(f"/api/v1/cases/{case.pk}/photos/{uuid4()}").status_code == 404
    assert case_now(case.pk).state == "reported"


def test_a_case_is_moved_and_refusals_are_told_apart(units):
    case = make_case()
    mine = signed_in("acceptor")
    assert post(mine, f"/cases/{case.pk}/moves/accept", {}).json()["state"] == "accepted"
    assert post(mine, f"/cases/{case.pk}/moves/accept", {}).status_code == 409
    assert post(mine, f"/cases/{case.pk}/moves/file", {}).json()["field"] == "condition"
    assert post(mine, f"/cases/{case.pk}/moves/fly", {}).status_code == 404
    assert post(signed_in("dispatcher"), f"/cases/{case.pk}/moves/file", {"condition": HAZARD}).status_code == 403
    assert post(mine, f"/cases/{case.pk}/moves/file", {"condition": HAZARD}).json()["code"] == "cases.verify_first"
    filed = post(mine, f"/cases/{case.pk}/moves/file", {"condition": HAZARD, "reason": "急"}).json()
    assert filed["limit_unit"] == "emergency_hour"


def test_who_gives_a_case_back_is_told_how_it_stands_and_sees_it_no_more(units):
    case = make_case_in("dispatched", units["drains"])
    mine = signed_in("handler")
    told = post(mine, f"/cases/{case.pk}/moves/return_to_dispatcher", {"reason": "不属本单位"})
    assert (told.status_code, told.json()["state"], told.json()["moves"]) == (200, "filed", [])
    assert mine.get(f"/api/v1/cases/{case.pk}").status_code == 404


def test_a_cases_photos_are_private(units):
    case = make_case_in("handled", units["drains"])
    mine = signed_in("acceptor")
    photo = mine.get(f"/api/v1/cases/{case.pk}").json()["steps"][-1]["photos"][0]
    answer = mine.get(f"/api/v1/cases/{case.pk}/photos/{photo}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content[:2] == b"\xff\xd8"
    assert Client().get(f"/api/v1/cases/{case.pk}/photos/{photo}").status_code == 401


def test_the_categories_are_told_to_anybody(units, client):
    rows = client.get("/api/v1/categories").json()
    assert {"code", "name", "kind", "quick_pick"} == set(rows[0])
