"""Tiles of the base map and the grid network, as a browser asks for them."""

import mapbox_vector_tile
import pytest
from django.test import Client
from tests.make.areas import SYSTEM, make_areas, make_base_map, middle_of, new_area, square

from linli.areas import actions, queries
from linli.areas.domain.tile import Tile
from linli.areas.queries import tiles
from linli.kernel.errors import NotFound
from linli.kernel.geo import morton24, morton_range

HOLDING = {13: (6826, 3379), 14: (13653, 6759), 16: (54613, 27038)}  # the tiles over 120.001, 30.001


def address(z: int) -> tuple[int, int, int]:
    return (z, *HOLDING[z])


def decoded(body: bytes) -> dict:
    return mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})


@pytest.fixture
def ground(system):
    make_areas()
    make_base_map()


def test_a_tile_holds_the_place_its_morton_range_holds():
    for z in HOLDING:
        first, last = morton_range(*address(z))
        assert first <= morton24(middle_of(0).lon, middle_of(0).lat) <= last


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (23, 0, 0), (1, 2, 0), (1, 0, 2), (10**9, 0, 0)])
def test_there_is_no_tile_beyond_the_pyramid(z, x, y):
    with pytest.raises(NotFound):
        Tile(z, x, y)


def test_each_zoom_shows_what_can_be_read_at_it(ground):
    assert set(decoded(queries.base_tile(Tile(*address(13))))) == {"road"}
    assert set(decoded(queries.base_tile(Tile(*address(14))))) == {"road", "house"}
    assert set(decoded(queries.base_tile(Tile(*address(16))))) == {"road", "lane", "house"}


def test_grids_carry_their_code_and_one_label(ground):
    tile = decoded(queries.grids_tile(Tile(*address(14))))
    said = [f["properties"] for f in tile["grid"]["features"]]
    assert {"code": "990101001001001", "name": "柳塘社区 网格 001", "number": "001"} in said
    assert len(tile["grid_label"]["features"]) == len(said) == 4
    assert set(decoded(queries.grids_tile(Tile(6, 53, 26)))) == {"district"}


def test_shapes_are_cut_at_the_tiles_margin(ground):
    for layer in decoded(queries.base_tile(Tile(*address(16)))).values():
        for feature in layer["features"]:
            box = str(feature["geometry"]["coordinates"])
            assert all(-64 <= int(n) <= 4160 for n in box.replace("[", "").replace("]", "").split(","))


def test_no_tile_holds_more_than_its_cap(ground, monkeypatch):
    monkeypatch.setattr(tiles, "MOST_FEATURES", 6)
    tiles._grids_tile.cache_clear()
    assert len(decoded(queries.grids_tile(Tile(*address(14))))["grid"]["features"]) == 2  # 6 less 4 wider areas
    tiles._grids_tile.cache_clear()


def test_a_tile_is_public_and_sent_once(ground, client: Client):
    url = "/tiles/base/{}/{}/{}.mvt".format(*address(14))
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    again = client.get(url, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_layer_is_another_tile(ground, client: Client):
    url = "/tiles/grids/{}/{}/{}.mvt".format(*address(14))
    before = client.get(url)["ETag"]
    actions.load_areas([new_area("990101001002002", "改名", square(3))], actor=SYSTEM)
    assert client.get(url, headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize("path", ["base/14/99999/1", "base/40/1/1", "base/-1/0/0", "secret/14/1/1", "base/1/x/1"])
def test_an_address_that_is_no_tile_does_not_exist(db, client: Client, path):
    assert client.get(f"/tiles/{path}.mvt").status_code == 404


def test_far_from_everything_a_tile_is_empty(ground, client: Client):
    answer = client.get("/tiles/base/14/0/0.mvt")
    assert (answer.status_code, answer.content) == (200, b"")
