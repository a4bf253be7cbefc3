"""What others read of sensing, on rows as ingest writes them."""

from datetime import timedelta

import pytest
from tests.make.areas import make_areas, middle_of
from tests.make.readings import NOON, heard, ingesting, measured, passed, refused
from tests.make.sensing import SYSTEM, make_thing

from linli.audit import actions as audit
from linli.kernel.actor import Actor, Post
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.sensing import queries
from linli.sensing.models import Datastream


@pytest.fixture
def stored(fresh_db, server):
    """Two devices; the first measured for ten minutes and went from nothing to orange and back to blue."""
    with audit.acting(SYSTEM):
        make_areas()
        for code, place in (("mc-1", 0), ("mc-2", 2)):
            make_thing(code, where=middle_of(place))
        tilt, other = Datastream.objects.filter(metric="tilt_deg").order_by("id")
    with ingesting(server) as line:
        measured(line, tilt.pk, [(NOON + timedelta(seconds=at), float(at % 60)) for at in range(600)])
        passed(line, tilt.pk, tilt.rule_id, [(NOON, 0, 3, 20.0), (NOON + timedelta(minutes=9), 3, 1, 9.0)])
        passed(line, other.pk, other.rule_id, [(NOON, 0, 1, 11.0)])
        heard(line, "mc-1", NOON, messages=600, unnumbered=2)
        refused(line, "mc-1", "not_finite", b"{}", times=3)
        refused(line, "mc-1", "conflict", b"{}", times=1)
    return tilt.pk


def test_exceedances_are_read_on_in_their_order(stored):
    with audit.acting(SYSTEM):
        rows = queries.exceedances_after(0, 2)
        assert [(row.thing_code, row.level_from, row.level_to, row.value) for row in rows] == [
            ("mc-1", Level.NONE, Level.ORANGE, 20.0), ("mc-1", Level.ORANGE, Level.BLUE, 9.0)]  # fmt: skip
        assert (rows[0].rule_name, rows[0].case_from_level, rows[0].point) == (
            "manhole_tilt", Level.ORANGE, middle_of(0))  # fmt: skip
        assert [row.thing_code for row in queries.exceedances_after(rows[-1].id, 9)] == ["mc-2"]


def test_of_another_areas_device_nothing_is_read(stored):
    east = Actor("user:1", (Post(Role.GRID, "990101001002"),))
    with audit.acting(east):
        assert [row.thing_code for row in queries.exceedances_after(0, 9)] == ["mc-2"]
        assert queries.thing_card("mc-1") is None


def test_a_card_shows_the_newest_reading_and_the_present_level(stored):
    with audit.acting(SYSTEM):
        card = queries.thing_card("mc-1")
    assert card is not None
    tilt = card.streams[0]
    assert (tilt.value, tilt.ts, tilt.level) == (59.0, NOON + timedelta(seconds=599), Level.BLUE)
    assert (card.messages, card.unnumbered, card.seen_at) == (600, 2, NOON)


def test_few_readings_come_as_they_are_and_many_as_stretches_that_keep_the_extremes(stored):
    with audit.acting(SYSTEM):
        few = queries.series(stored, NOON, NOON + timedelta(seconds=10), 10)
        many = queries.series(stored, NOON, NOON + timedelta(seconds=600), 10)
    assert few.bucket is None
    assert [(point.at, point.low) for point in few.points] == [(NOON + timedelta(seconds=s), s) for s in range(10)]
    assert many.bucket == timedelta(minutes=1)
    assert [(point.low, point.high, point.count) for point in many.points] == [(0.0, 59.0, 60)] * 10


def test_refusals_are_counted_by_reason(stored):
    with audit.acting(SYSTEM):
        assert queries.refusals("mc-1") == {"not_finite": 3, "conflict": 1}
        [held] = queries.held_devices(9)
    assert (held.device, held.adopted, held.counts, held.held) == ("mc-1", True, {"not_finite": 3, "conflict": 1}, 2)
