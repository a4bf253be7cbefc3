"""A place is found in the one area that holds it, also on a border."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tests.make.areas import (
    DISTRICT,
    EAST,
    GRID_A,
    GRID_B,
    GRID_D,
    STREET,
    SYSTEM,
    WEST,
    make_areas,
    middle_of,
    new_area,
    small_district,
    square,
)

from linli.areas import actions
from linli.areas import queries as areas
from linli.areas.domain.locate import AreaIndex
from linli.areas.domain.shapes import AreaKind
from linli.areas.domain.tile import cells_round
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.errors import Invalid, NotPermitted
from linli.kernel.geo import Point, metres_between, morton24

LATTICE = AreaIndex([f"{n:03d}" for n in range(9)],
                    [shapely.to_wkb(square(n % 3, n // 3)) for n in range(9)])


@given(st.lists(st.tuples(st.floats(119.998, 120.008), st.floats(29.998, 30.008)), min_size=1, max_size=40))
def test_many_places_are_found_as_one_by_one(places):
    lons, lats = np.array(places).T
    many = [LATTICE.codes[n] if n >= 0 else None for n in LATTICE.locate(lons, lats)]
    assert many == [next(iter(LATTICE.holding(lon, lat)), None) for lon, lat in places]


def test_a_place_on_a_shared_corner_is_in_the_lowest_code():
    corner = square(1, 1).bounds[:2]
    assert LATTICE.holding(*corner) == ["000", "001", "003", "004"]
    assert LATTICE.locate(*(np.array([c]) for c in corner)).tolist() == [0]


def test_what_is_not_a_number_is_nowhere():
    assert LATTICE.locate(np.array([np.nan, 120.001]), np.array([30.001, np.nan])).tolist() == [-1, -1]


@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(1, 500), st.floats(0, 1), st.floats(0, 6.28))
def test_four_ranges_of_cells_hold_everything_within_the_radius(lon, lat, radius_m, part, bearing):
    here = Point(lon, lat)
    degrees = part * radius_m / 111_195
    there = Point(lon + degrees * np.sin(bearing) / np.cos(np.radians(lat)), lat + degrees * np.cos(bearing))
    ranges = cells_round(here, radius_m)
    assert len(ranges) <= 4
    if metres_between(here, there) <= radius_m * 0.999:
        assert any(first <= morton24(there.lon, there.lat) <= last for first, last in ranges)


@pytest.mark.usefixtures("system")
class TestInTheDatabase:
    def test_a_place_has_its_grid_its_area_and_its_name(self):
        make_areas()
        place = areas.place_of(middle_of(0))
        assert (place.grid, place.area_code, place.label) == (GRID_A, GRID_A, "柳塘社区 网格 001")

    def test_a_place_outside_every_grid_is_in_the_smallest_area_that_holds_it(self):
        make_areas()
        assert areas.place_of(middle_of(-1)).area_code == DISTRICT
        assert areas.place_of(middle_of(-1)).grid is None

    def test_a_place_outside_the_district_is_nowhere(self):
        make_areas()
        assert areas.place_of(Point(0, 0)).area_code == ""

    def test_many_places_are_located_at_once(self):
        make_areas()
        assert areas.locate([middle_of(3), Point(0, 0), middle_of(1)]) == [GRID_D, None, GRID_B]

    def test_a_closed_grid_is_found_no_more_but_keeps_its_name(self):
        make_areas()
        assert areas.locate([middle_of(0)]) == [GRID_A]
        actions.close_area(GRID_A, new_area(GRID_A, "", square(0)).valid_from.replace(year=2026), actor=SYSTEM)
        assert areas.locate([middle_of(0)]) == [None]
        assert areas.place_of(middle_of(0)).area_code == WEST  # the smallest that is left
        assert areas.names([GRID_A]) == {GRID_A: "柳塘社区 网格 001"}

    def test_a_grid_drawn_anew_is_found_in_its_new_shape(self):
        make_areas()
        areas.locate([middle_of(0)])
        actions.load_areas([new_area(GRID_D, "棠湖社区 网格 002", square(3, 1))], actor=SYSTEM)
        assert areas.locate([middle_of(3), middle_of(3, 1)]) == [None, GRID_D]

    def test_the_extent_is_round_all_streets(self):
        make_areas()
        box = areas.extent()
        assert (box.min_lon, box.max_lon) == (square(0).bounds[0], square(3).bounds[2])
        assert areas.extent("000000") is None

    def test_areas_are_listed_by_code(self):
        make_areas()
        assert areas.within(EAST, AreaKind.GRID) == [(f"{EAST}001", "棠湖社区 网格 001"), (GRID_D, "棠湖社区 网格 002")]

    def test_loading_twice_is_harmless(self):
        make_areas()
        make_areas()
        assert len(areas.within("", AreaKind.GRID)) == 4

    def test_a_parent_must_be_known(self):
        with pytest.raises(Invalid, match="990101001"):
            actions.load_areas([a for a in small_district() if a.code != STREET], actor=SYSTEM)

    @pytest.mark.parametrize("shape", [
        shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),  # crosses itself
        shapely.Point(120, 30), shapely.Polygon(), shapely.box(179, 0, 181, 1), shapely.box(0, 89, 1, 91),
    ])
    def test_a_shape_that_is_no_outline_on_earth_is_refused(self, shape):
        with pytest.raises(Invalid, match=DISTRICT):
            actions.load_areas([new_area(DISTRICT, "样区", shape)], actor=SYSTEM)

    @pytest.mark.parametrize("actor", [ANONYMOUS, Actor("user:1", (Post("street", "990101001"),)),
                                       Actor("user:2", (Post("operator", "990102"),))])
    def test_only_the_operator_over_the_areas_may_draw_them(self, actor):
        with pytest.raises(NotPermitted):
            actions.load_areas(small_district(), actor=actor)

    def test_nobody_may_pass_by_loading_nothing(self):
        with pytest.raises(NotPermitted):
            actions.load_areas([], actor=ANONYMOUS)

    def test_bytes_that_are_no_shape_are_refused(self):
        broken = replace(new_area(DISTRICT, "样区", square(0)), geometry=b"\x01\x02")
        with pytest.raises(Invalid, match=DISTRICT):
            actions.load_areas([broken], actor=SYSTEM)
