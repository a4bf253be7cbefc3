"""The components' tiles: counted from afar, one by one near, gated classes for posts only."""

import mapbox_vector_tile
import pytest
import shapely
from django.test import Client
from tests.make.areas import WEST, make_areas, middle_of
from tests.make.assets import SYSTEM, make_component, new_component

from linli.areas.domain.tile import Tile
from linli.assets import actions, policy, queries
from linli.assets.queries import tiles
from linli.audit import actions as audit
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.geo import Point

HOLDING = {10: (853, 422), 14: (13653, 6759), 16: (54613, 27038), 17: (109227, 54076)}
STORM, TREE, CAMERA, RAILING = "9901010103000001", "9901010402000001", "9901010136000001", "9901010211000001"
GRID_WORKER = Actor("user:1", (Post("grid", WEST),))
OTHER_GRID = Actor("user:2", (Post("grid", "990101001002"),))


def seen(z: int, actor: Actor = ANONYMOUS) -> dict:
    with audit.acting(actor):
        body = queries.components_tile(Tile(z, *HOLDING[z]), policy.visible_components(actor))
    return mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})


def classes(tile: dict) -> set[str]:
    return {f["properties"]["class"] for layer in tile.values() for f in layer["features"]}


@pytest.fixture
def street(system):
    make_areas()
    for code in (STORM, TREE, CAMERA):
        make_component(code)
    line = shapely.LineString([(120.0005, 30.0005), (120.0015, 30.0005)])
    make_component(RAILING, Point(120.001, 30.0005), geometry=shapely.to_wkb(line))


def test_from_afar_no_component_is_shown(street):
    assert seen(10) == {}


def test_small_things_wait_for_a_near_zoom(street):
    assert classes(seen(14)) == {"0103"}
    assert classes(seen(16)) == {"0103", "0402", "0211"}


def test_codes_and_names_come_with_a_near_zoom(street):
    assert set(seen(14)["component"]["features"][0]["properties"]) == {"class"}
    near = {f["properties"]["code"]: f["properties"] for f in seen(17)["component"]["features"]}
    assert near[STORM]["label"] == "雨水井盖 1"


def test_a_line_is_a_line(street):
    assert seen(16)["shape"]["features"][0]["geometry"]["type"] == "LineString"


def test_gated_classes_come_only_to_the_posts_of_their_area(street):
    assert "0136" not in classes(seen(16))
    assert "0136" not in classes(seen(16, OTHER_GRID))
    assert "0136" in classes(seen(16, GRID_WORKER))
    camera = next(f for f in seen(16, GRID_WORKER)["component"]["features"] if f["properties"]["class"] == "0136")
    assert camera["properties"]["gated"] is True
    assert len(seen(16, GRID_WORKER)["component"]["features"]) == 3


def test_no_tile_tells_a_unit(street):
    for feature in seen(17, GRID_WORKER)["component"]["features"]:
        assert set(feature["properties"]) <= {"class", "state", "code", "label", "gated"}


def test_no_tile_holds_more_than_its_cap(street, monkeypatch):
    monkeypatch.setattr(tiles, "MOST_FEATURES", 3)
    many = [new_component(f"99010101030001{n:02d}", middle_of(0)) for n in range(10)]
    actions.load_components(many, actor=SYSTEM)
    assert len(seen(14)["component"]["features"]) == 3


def test_a_tile_says_how_long_it_may_be_kept_and_by_whom(street, client: Client):
    url = "/tiles/components/16/{}/{}.mvt".format(*HOLDING[16])
    answer = client.get(url)
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in answer["Vary"]
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
