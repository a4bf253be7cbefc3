"""Tiles are what the specification says: a decoder that is not ours reads back what we wrote."""

import mapbox_vector_tile
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.areas.domain.mvt import Feature, Layer, encode

UNITS = st.integers(-64, 4160)
PLACE = st.tuples(UNITS, UNITS)
PROPERTIES = st.dictionaries(
    st.text(max_size=8),
    st.one_of(st.text(max_size=12), st.integers(-(2**53), 2**53), st.booleans(),
              st.floats(allow_nan=False, allow_infinity=False)),
    max_size=4,
)


def decoded(*layers: Layer) -> dict:
    return mapbox_vector_tile.decode(encode(layers), default_options={"y_coord_down": True})


@given(st.lists(st.tuples(PLACE, PROPERTIES, st.integers(1, 2**40)), min_size=1, max_size=20))
def test_points_come_back_with_their_properties_and_ids(points):
    tile = decoded(Layer("部件", [Feature(at, said, key) for at, said, key in points]))
    read = [(tuple(f["geometry"]["coordinates"]), f["properties"], f["id"]) for f in tile["部件"]["features"]]
    assert read == points


@given(st.lists(PLACE, min_size=2, max_size=30))
def test_lines_come_back_without_corners_told_twice_in_a_row(places):
    tile = decoded(Layer("road", [Feature(shapely.LineString(places), {})]))
    kept = [list(p) for at, p in enumerate(places) if at == 0 or p != places[at - 1]]
    if len(kept) == 1:
        assert tile == {}
    else:
        assert tile["road"]["features"][0]["geometry"]["coordinates"] == kept


@given(st.integers(0, 4000), st.integers(0, 4000), st.integers(5, 90), st.booleans())
def test_polygons_come_back_with_their_holes_whichever_way_their_rings_ran(x, y, side, reverse):
    hole = shapely.box(x + 1, y + 1, x + side - 1, y + side - 1)
    shape = shapely.difference(shapely.box(x, y, x + side, y + side), hole)
    tile = decoded(Layer("green", [Feature(shapely.reverse(shape) if reverse else shape, {})]))
    read = shapely.geometry.shape(tile["green"]["features"][0]["geometry"])
    assert read.equals(shape)


def test_several_polygons_are_one_feature():
    parts = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(20, 20, 30, 30)])
    tile = decoded(Layer("house", [Feature(parts, {"name": "1"})]))
    assert shapely.geometry.shape(tile["house"]["features"][0]["geometry"]).equals(parts)


def test_what_vanishes_when_rounded_is_left_out_and_so_is_an_empty_layer():
    speck = Feature(shapely.box(10.1, 10.1, 10.3, 10.3), {})
    assert encode([Layer("house", [speck]), Layer("road", [])]) == b""


def test_true_one_and_one_point_nought_stay_three_values():
    tile = decoded(Layer("part", [Feature((1, 1), {"a": True, "b": 1, "c": 1.0})]))
    said = tile["part"]["features"][0]["properties"]
    assert [type(said[key]) for key in "abc"] == [bool, int, float]


def test_a_ring_is_drawn_clockwise_on_the_screen():
    ring = np.array(decoded(Layer("grid", [Feature(shapely.box(0, 0, 10, 10), {})]))
                    ["grid"]["features"][0]["geometry"]["coordinates"][0])
    assert np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]) > 0
