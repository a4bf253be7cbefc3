"""What programs may ask of devices; another area's device does not exist."""

import pytest
from django.test import Client
from tests.conftest import sign_in
from tests.make.areas import GRID_A, WEST, make_areas, middle_of
from tests.make.sensing import make_thing

from linli.accounts.models import Post, User
from linli.kernel import clock
from linli.kernel.role import Role

pytestmark = pytest.mark.usefixtures("system")
NEW = {"code": "mc-2", "name": "井盖计 2", "kit": "manhole", "lon": middle_of(0).lon, "lat": middle_of(0).lat}


@pytest.fixture
def at_post(client: Client):
    """Sign somebody in who holds one post over one area."""
    make_areas()
    make_thing("mc-1")

    def enter(role, area):
        user = User.objects.create(username=f"{role}-{area}", name="测试")
        Post.objects.create(user=user, role=role.value, area_code=area, valid_from=clock.now())
        sign_in(client, user.username)
        return client

    return enter


def test_a_device_is_shown_to_the_posts_of_its_area_only(at_post):
    answer = at_post(Role.GRID, GRID_A).get("/api/v1/things/mc-1")
    assert answer.status_code == 200
    assert (answer.json()["area_code"], answer.json()["streams"][1]["rule_name"]) == (GRID_A, "manhole_open")
    elsewhere = at_post(Role.GRID, f"{WEST}002").get("/api/v1/things/mc-1")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "sensing.no_such_thing")
    for role in (Role.RESIDENT, Role.MEDIATOR):
        assert at_post(role, GRID_A).get("/api/v1/things/mc-1").status_code == 404


def test_nobody_signed_in_sees_nothing(client: Client):
    assert client.get("/api/v1/things/mc-1").status_code == 401


def test_a_series_without_readings_is_empty_and_an_unknown_metric_does_not_exist(at_post):
    client = at_post(Role.GRID, GRID_A)
    assert client.get("/api/v1/things/mc-1/series", {"metric": "open"}).json() == {"bucket_s": None, "points": []}
    assert client.get("/api/v1/things/mc-1/series", {"metric": "speed"}).status_code == 404


def test_only_the_operator_adopts_and_asks_for_replays(at_post):
    grid = at_post(Role.GRID, GRID_A)
    assert grid.post("/api/v1/things", NEW, content_type="application/json").status_code == 403
    assert grid.post("/api/v1/things/mc-1/replay").status_code == 403
    assert grid.get("/api/v1/quarantine").status_code == 404
    operator = at_post(Role.OPERATOR, WEST)
    assert operator.get("/api/v1/things/mc-1/replay").json() is None
    assert operator.post("/api/v1/things", NEW, content_type="application/json").json()["code"] == "mc-2"
    asked = operator.post("/api/v1/things/mc-1/replay")
    assert asked.status_code == 202
    assert operator.get("/api/v1/things/mc-1/replay").json() == asked.json()
    assert operator.get("/api/v1/quarantine").status_code == 404, "strangers among senders belong to no area"
    assert at_post(Role.OPERATOR, "").get("/api/v1/quarantine").json() == []
