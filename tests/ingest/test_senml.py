import json

import pytest

from linli.sensing.domain.refusal import Refusal
from linli_ingest import payload
from linli_ingest.parts import ARRIVAL_TIME

SLOTS = {"level": 0, "urn:dev:mac:0024befffe804ff1:temp": 1, "open": 2}
NOW_S = 1_795_000_000


def read(pack):
    return payload.read(SLOTS, json.dumps(pack).encode(), NOW_S * 1_000_000)


def test_base_name_time_and_value_are_added():
    parts = read([{"bn": "urn:dev:ow:10e2073a01080063:", "bt": NOW_S, "bv": 10, "n": "level", "v": 1.5},
                  {"n": "level", "t": -5, "v": 2}, {"n": "open", "t": -5, "vb": True}])  # fmt: skip
    assert [(r.slot, r.at_us - NOW_S * 1_000_000, r.value) for r in parts.readings] == [
        (0, 0, 11.5), (0, -5_000_000, 12.0), (2, -5_000_000, 1.0)]  # fmt: skip
    assert parts.refused == []


def test_a_metric_may_be_the_whole_name():
    assert read([{"n": "urn:dev:mac:0024befffe804ff1:temp", "bt": NOW_S, "v": 3}]).readings[0].slot == 1


def test_a_metric_may_be_the_last_part_of_the_name():
    assert read([{"bn": "urn:dev:ow:10e2/level", "bt": NOW_S, "v": 3}]).readings[0].slot == 0


def test_time_below_two_to_the_28_is_relative_to_arrival_and_marked():
    reading = read([{"n": "level", "t": -30, "v": 3}]).readings[0]
    assert (reading.at_us, reading.flags) == ((NOW_S - 30) * 1_000_000, ARRIVAL_TIME)


def test_a_record_of_base_fields_only_is_no_reading():
    parts = read([{"bn": "x:", "bt": NOW_S}, {"n": "level", "v": 1}])
    assert len(parts.readings) == 1
    assert parts.refused == []


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"n": "level", "vs": "high"}, Refusal.NOT_A_NUMBER),
        ({"n": "level", "v": None}, Refusal.NOT_A_NUMBER),
        ({"n": "unheard", "v": 1}, Refusal.UNKNOWN_METRIC),
        ({"n": "level", "v": 1, "t": "now"}, Refusal.BAD_TIME),
        ({"n": "level", "v": 1, "t": 400}, Refusal.IN_FUTURE),
        ({"n": "level", "v": 1, "must_understand_": 1}, Refusal.NOT_A_MESSAGE),
        ({"n": "level", "v": 1, "bver": 11}, Refusal.NOT_A_MESSAGE),
    ],
)
def test_a_bad_record_is_refused_alone(record, reason):
    parts = read([{"n": "open", "bt": 0, "vb": False}, record])
    assert [refused.reason for refused in parts.refused] == [reason]
    assert len(parts.readings) == 1
