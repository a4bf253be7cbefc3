"""A city from a seed: the same to the byte, whole on the ground, with nobody left out."""

import hashlib
import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
import shapely
from tests.make.city import SEED, make_city

from linli.areas.domain.locate import AreaIndex
from linli.kernel import codes, presets
from linli.organisations.domain import uscc
from linli_city.city import build
from linli_city.export import write
from linli_city.values import Place

SIZES = [100, 731, 5000, 30_000]
METRE = 111_195.0
DIGEST = """
import hashlib, sys, tempfile
from pathlib import Path
from linli_city.city import build
from linli_city.export import write
with tempfile.TemporaryDirectory() as folder:
    files = write(build(int(sys.argv[1]), int(sys.argv[2])), Path(folder))
    print(hashlib.sha256(b"".join(p.name.encode() + p.read_bytes() for p in files)).hexdigest())
assert "django" not in sys.modules
"""


def digest(people: int, seed: int, hash_seed: int) -> str:
    """Return the hash of a city's files, written by a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", DIGEST, str(people), str(seed)], check=True, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": "src"},
    ).stdout


def metres(places: tuple[Place, ...]) -> np.ndarray:
    return (np.array(places) - (120, 30)) * (METRE * np.cos(np.radians(30)), METRE)


def grids(people: int) -> np.ndarray:
    return np.array([shapely.Polygon(metres(a.outline)) for a in make_city(people).areas if len(a.code) == 15])


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed():
    assert digest(1000, 7, hash_seed=0) == digest(1000, 7, hash_seed=4711)


def test_another_seed_gives_another_city():
    assert digest(300, 7, hash_seed=0) != digest(300, 8, hash_seed=0)


@pytest.mark.parametrize("people", SIZES)
def test_unit_grids_leave_no_gap_and_do_not_overlap(people):
    shapes = grids(people)
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.unary_union(shapes)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, rel=1e-9)


@pytest.mark.parametrize("people", SIZES)
def test_unit_grids_have_the_size_of_unit_grids(people):
    areas = shapely.area(grids(people))
    assert areas.min() >= 10_000
    assert areas.max() <= 35_000


@pytest.mark.parametrize("people", SIZES)
def test_each_rung_is_made_up_of_the_rung_below(people):
    outlines = {a.code: shapely.Polygon(metres(a.outline)) for a in make_city(people).areas}
    assert len(outlines) == len(make_city(people).areas)
    for code, outline in outlines.items():
        parts = [shape for other, shape in outlines.items() if codes.parent_area(other) == code]
        if len(code) in (9, 12):
            assert shapely.unary_union(parts).symmetric_difference(outline).area < 1.0
        if len(code) == 6:
            assert all(outline.covers(part) for part in parts)


def test_a_street_has_two_or_three_communities():
    for people, count in ((100, 2), (5000, 3)):
        assert Counter(len(a.code) for a in make_city(people).areas)[12] == count


def test_grids_are_numbered_from_north_to_south():
    firsts = [a for a in make_city().areas if len(a.code) == 15 and a.code.endswith("001")]
    lasts = {a.code[:12]: a for a in make_city().areas if len(a.code) == 15}
    for first in firsts:
        assert max(lat for _, lat in first.outline) > max(lat for _, lat in lasts[first.code[:12]].outline)


@pytest.mark.parametrize("people", SIZES)
def test_everybody_lives_in_a_dwelling(people):
    city = make_city(people)
    assert sum(sum(house.residents) for house in city.houses) == people
    ours = {a.code for a in city.areas}
    assert {house.grid for house in city.houses} <= ours


def test_houses_stand_dry_and_in_their_grid():
    city = make_city()
    river = next(shapely.Polygon(s.places) for s in city.base_map if s.kind == "river")
    homes = shapely.points([house.middle for house in city.houses])
    assert river.is_valid
    assert not shapely.intersects(river, homes).any()
    outline = {a.code: shapely.Polygon(a.outline) for a in city.areas}
    assert all(outline[house.grid].covers(home) for house, home in zip(city.houses, homes, strict=True))


def test_components_have_the_density_of_a_real_street():
    city = make_city()
    square_km = shapely.area(grids(5000)).sum() / 1e6
    assert 6000 <= len(city.components) / square_km <= 9000


def test_every_component_has_a_known_class_a_code_of_its_own_and_units_that_exist():
    city = make_city()
    units = {unit.key for unit in city.units} | {None}
    assert {c.class_code for c in city.components} <= {row["code"] for row in presets.read("component_classes")}
    assert len({c.code for c in city.components}) == len(city.components)
    assert all(c.code[6:10] == c.class_code for c in city.components)
    assert {key for c in city.components for key in (c.supervising, c.owning, c.maintaining)} <= units


def test_some_owners_are_unknown_and_ownerless_covers_always():
    city = make_city()
    unknown = [c for c in city.components if c.owning is None]
    assert 0.01 < len(unknown) / len(city.components) < 0.05
    assert all(c.maintaining is None for c in city.components if c.class_code == "0114")
    assert any(c.maintaining for c in unknown)


def test_every_component_stands_in_a_grid_and_no_manhole_in_the_water():
    city = make_city()
    index = AreaIndex([a.code for a in city.areas if len(a.code) == 15],
                      [shapely.to_wkb(shapely.Polygon(a.outline)) for a in city.areas if len(a.code) == 15])
    river = next(shapely.Polygon(s.places) for s in city.base_map if s.kind == "river")
    covers = [c for c in city.components if c.class_code in ("0101", "0102", "0103", "0104")]
    lons, lats = np.array([c.at for c in city.components]).T
    assert (index.locate(lons, lats) >= 0).all()
    assert shapely.contains_xy(river, [c.at for c in covers]).mean() < 0.01


def test_there_is_one_fallback_unit_and_a_unit_on_duty_for_every_grid():
    city = make_city()
    assert [unit.key for unit in city.units if unit.is_fallback] == ["command"]
    on_duty = dict(city.duties)
    assert len(on_duty) == len(city.duties)
    assert {a.code for a in city.areas if len(a.code) > 6} == set(on_duty)
    assert set(on_duty.values()) <= {unit.key for unit in city.units}


def test_unified_codes_are_well_formed_and_each_its_own():
    given = [unit.uscc for unit in make_city(30_000).units if unit.uscc]
    assert len(set(given)) == len(given) > 10
    assert all(uscc.require(code) for code in given)


def test_devices_sit_where_they_belong_on_something_that_somebody_keeps():
    city = make_city()
    places = {c.code: c for c in city.components}
    fitting = {"manhole": ("0102", "0103"), "sewer_level": ("0102", "0103"), "electrical_fire": ("0116",),
               "fire_lane": ("2190",)}
    assert Counter(t.kit for t in city.things) == {"manhole": 100, "sewer_level": 8, "electrical_fire": 8,
                                                   "fire_lane": 8}
    assert len({t.code for t in city.things}) == len({t.component for t in city.things}) == 124
    for thing in city.things:
        place = places[thing.component]
        assert place.class_code in fitting[thing.kit]
        assert place.maintaining
        assert place.at == thing.at
        assert not set(thing.code) & set(". +#/")  # MQTT refuses these


def test_estates_switch_boxes_and_fire_lanes_are_kept_by_their_firm():
    kept = [c for c in make_city().components if c.class_code in ("0116", "2190") and c.maintaining]
    assert {c.class_code for c in kept} == {"0116", "2190"}
    assert all(c.maintaining.startswith("property:") for c in kept)


def test_names_of_areas_are_each_their_own():
    for people in SIZES:
        names = [a.name for a in make_city(people).areas]
        assert len(set(names)) == len(names)


def test_fewer_than_a_hundred_people_are_no_city():
    with pytest.raises(ValueError, match="100"):
        build(99, SEED)


def test_files_are_what_the_hash_says(tmp_path):
    files = write(make_city(100), tmp_path)
    assert [p.name for p in files] == sorted(p.name for p in files)
    assert len(hashlib.sha256(files[0].read_bytes()).hexdigest()) == 64
    assert (tmp_path / "components.jsonl").read_bytes().count(b"\n") == len(make_city(100).components)
