import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import geo
from linli.kernel.errors import Invalid
from linli.kernel.geo import Point

lons = st.floats(-179, 179)
lats = st.floats(-80, 80)


def test_a_degree_of_latitude_is_about_111_195_metres():
    assert geo.metres_between(Point(120, 30), Point(120, 31)) == pytest.approx(111_195, rel=1e-4)


@given(lons, lats, st.floats(0, 2 * math.pi), st.floats(0, 29.9))
def test_two_places_nearer_than_the_radius_share_a_cell(lon, lat, bearing, distance_m):
    step = distance_m / 111_195
    other = Point(lon + step * math.sin(bearing) / math.cos(math.radians(lat)), lat + step * math.cos(bearing))
    assert set(geo.cells_within(Point(lon, lat), 30)) & set(geo.cells_within(other, 30))


def test_cells_come_in_ascending_order_so_that_locks_never_cross():
    cells = geo.cells_within(Point(120.0, 30.0), 90)
    assert cells == sorted(cells)
    assert len(cells) >= 9
    assert all(0 <= cell < 1 << 63 for cell in cells)


@given(lons, lats, st.integers(0, 24))
def test_a_tile_holds_exactly_the_codes_of_its_range(lon, lat, z):
    code = geo.morton24(lon, lat)
    size = 1 << z
    sine = math.sin(math.radians(lat))
    x = int((lon / 360 + 0.5) * (1 << 24)) >> (24 - z)
    y = int((0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * (1 << 24)) >> (24 - z)
    first, last = geo.morton_range(z, x, y)
    assert first <= code <= last
    outside = geo.morton_range(z, (x + 1) % size, y)
    assert size == 1 or not outside[0] <= code <= outside[1]


@pytest.mark.parametrize(("lon", "lat"), [(math.nan, 0), (0, math.inf), (181, 0), (0, -91), (30.0, 120.0)])
def test_a_place_that_is_none_is_refused(lon, lat):
    with pytest.raises(Invalid) as refused:
        Point(lon, lat)
    assert refused.value.field in {"lon", "lat"}
