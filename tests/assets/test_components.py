"""Components: loaded in sets, found by place, and seen by those they concern."""

from dataclasses import replace
from datetime import date

import pytest
import shapely
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.make.areas import GRID_A, WEST, make_areas, middle_of
from tests.make.assets import SYSTEM, make_component, new_component
from tests.make.organisations import make_unit

from linli.assets import actions, queries
from linli.assets.domain.component import Duty, Loaded
from linli.assets.domain.state import ComponentState
from linli.assets.models import Component
from linli.audit import actions as audit
from linli.kernel import presets
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.errors import DomainError, Invalid, NotFound, NotPermitted
from linli.kernel.geo import Point

SEWAGE, STORM, STORM_2, CAMERA = "9901010102000001", "9901010103000001", "9901010103000002", "9901010136000001"
GRID_WORKER = Actor("user:1", (Post("grid", WEST),))
STREET = Actor("user:2", (Post("street", "990101001"),))


def off(point: Point, east_m: float) -> Point:
    return Point(point.lon + east_m / 96_300, point.lat)


@pytest.fixture
def register(system):
    make_areas()
    actions.load_preset_classes(actor=SYSTEM)


def test_every_preset_class_says_where_it_comes_from():
    rows = presets.read("component_classes")
    assert len({row["code"] for row in rows}) == len(rows) > 100
    for row in rows:
        assert row["scheme"]
        assert row["version"]
        assert row["source"]
        assert row["name_en"]
        assert row["verified"] is (row["code"] not in {"0605", "2190"})


def test_a_class_the_city_edited_stays_as_it_is(register):
    edited = next(row for row in presets.read("component_classes") if row["code"] == "0103") | {"name_zh": "雨水口"}
    actions.load_classes([edited], actor=SYSTEM)
    assert actions.load_preset_classes(actor=SYSTEM) == 0
    assert queries.class_names("zh-hans")["0103"] == "雨水口"


def test_components_are_put_into_their_grids(register):
    card = make_component()
    assert (card.area_code, card.class_name) == (GRID_A, "雨水井盖")
    assert make_component(STORM_2, Point(0, 0)).area_code == ""


def test_loading_twice_changes_nothing_and_a_new_owner_is_a_change(register):
    fresh = [new_component(STORM), new_component(STORM_2, middle_of(1))]
    assert actions.load_components(fresh, actor=SYSTEM) == Loaded(added=2, changed=0, same=0)
    assert actions.load_components(fresh, actor=SYSTEM) == Loaded(added=0, changed=0, same=2)
    owner = make_unit()
    fresh[0] = replace(fresh[0], owning=owner)
    assert actions.load_components(fresh, actor=SYSTEM) == Loaded(added=0, changed=1, same=1)
    assert queries.by_code(STORM).owning == owner


@pytest.mark.parametrize(("changes", "code"), [
    ({"class_code": "9999"}, "assets.unknown_class"),
    ({"lon": float("nan")}, "geo.out_of_range"),
    ({"lat": 91.0}, "geo.out_of_range"),
    ({"geometry": b"nonsense"}, "areas.unusable_shape"),
])
def test_a_component_that_cannot_be_kept_is_refused_by_name(register, changes, code):
    with pytest.raises(DomainError) as refused:
        actions.load_components([replace(new_component(), **changes)], actor=SYSTEM)
    assert refused.value.code == code


def test_a_code_may_not_come_twice_in_one_load(register):
    with pytest.raises(Invalid, match=STORM):
        actions.load_components([new_component(STORM)] * 2, actor=SYSTEM)


def test_the_nearest_of_the_classes_asked_for_is_found(register):
    here = middle_of(0)
    make_component(SEWAGE, off(here, 5))
    near = make_component(STORM, off(here, 12))
    make_component(STORM_2, off(here, 25))
    found = queries.nearest(here, classes=["0103"], within_m=30)
    assert found.id == near.id
    assert found.distance_m == pytest.approx(12, abs=0.2)
    assert queries.nearest(here, classes=["0103"], within_m=11) is None
    assert queries.nearest(here, classes=["0118"], within_m=30) is None


def test_what_was_taken_away_is_not_found(register):
    card = make_component()
    actions.report_state(card.id, ComponentState.REMOVED, actor=SYSTEM)
    assert queries.nearest(middle_of(0), classes=["0103"], within_m=30) is None


def test_a_unit_is_assigned_and_taken_away_again(register):
    card, unit = make_component(), make_unit()
    actions.assign(card.id, Duty.MAINTAINING, unit, actor=STREET)
    assert queries.card(card.id).maintaining == unit
    actions.assign(card.id, Duty.MAINTAINING, None, actor=STREET)
    assert queries.card(card.id).maintaining is None


@pytest.mark.parametrize("actor", [ANONYMOUS, GRID_WORKER])
def test_only_street_district_and_operator_may_change_components(register, actor):
    card = make_component()
    with audit.acting(actor), pytest.raises((NotPermitted, NotFound)):
        actions.assign(card.id, Duty.OWNING, None, actor=actor)
    with audit.acting(actor), pytest.raises(NotPermitted):
        actions.load_components([new_component()], actor=actor)
    with audit.acting(actor), pytest.raises(NotPermitted):
        actions.load_classes([], actor=actor)


def test_row_security_shows_a_component_to_its_area_and_to_each_of_its_units(register):
    card = make_component()
    units = {duty: make_unit(duty.value) for duty in Duty}
    for duty, unit in units.items():
        actions.assign(card.id, duty, unit, actor=SYSTEM)
    seers = [GRID_WORKER, STREET, *(Actor("user:9", (Post("unit", "", unit),)) for unit in units.values())]
    others = [ANONYMOUS, Actor("user:8", (Post("unit", "", make_unit("别家")),)),
              Actor("user:7", (Post("grid", "990101001002"),)), Actor("user:6", (Post("resident", ""),))]
    for actor, sees in [(a, True) for a in seers] + [(a, False) for a in others]:
        with audit.acting(actor):
            assert (queries.card(card.id) is not None) is sees, actor


def test_a_line_is_kept_with_its_box(register):
    railing = shapely.LineString([(120.0002, 30.0002), (120.0008, 30.0012)])
    middle = railing.interpolate(0.5, normalized=True)
    card = make_component("9901010211000001", Point(middle.x, middle.y), geometry=shapely.to_wkb(railing))
    assert card.area_code == GRID_A


def test_everybody_sees_the_public_part_and_nothing_of_a_gated_class(register, client: Client):
    make_component(SEWAGE, owning=make_unit())
    make_component(CAMERA)
    here = {"lon": middle_of(0).lon, "lat": middle_of(0).lat}
    listed = client.get("/api/v1/components/near", here).json()
    assert [c["code"] for c in listed] == [SEWAGE]
    assert set(listed[0]) == {"id", "code", "class_code", "name", "lon", "lat", "state"}
    assert client.get(f"/api/v1/components/{SEWAGE}/public").status_code == 200
    assert client.get(f"/api/v1/components/{CAMERA}/public").status_code == 404
    assert client.get(f"/api/v1/components/{SEWAGE}").status_code == 401


def test_the_public_view_cannot_be_written(register):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM assets_public_component")


def test_names_of_classes_follow_the_reader(register, client: Client):
    named = {c["code"]: c["name"] for c in client.get("/api/v1/components/classes",
                                                      headers={"Accept-Language": "en"}).json()}
    assert named["0103"] == "Stormwater manhole cover"


def test_changed_on_moves_with_the_change(register):
    card = make_component(installed_on=date(2020, 1, 1))
    actions.report_state(card.id, ComponentState.DAMAGED, actor=SYSTEM)
    assert Component.objects.get(pk=card.id).changed_on > date(2020, 1, 1)
