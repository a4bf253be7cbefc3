import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.sensing.domain.refusal import Refusal
from linli_ingest import payload
from linli_ingest.parts import ARRIVAL_TIME, Number, Reading

SLOTS = {"tilt": 0, "open": 1}
NOW_S = 1_795_000_000
NOW_US = NOW_S * 1_000_000


def read(content):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return payload.read(SLOTS, body, NOW_US)


def reasons(content):
    return [refused.reason for refused in read(content).refused]


def test_an_object_is_read_with_its_own_time_and_number():
    parts = read({"ts": NOW_S - 0.25, "n": 7, "tilt": 3.5, "open": True})
    assert parts.readings == [Reading(0, NOW_US - 250_000, 3.5, 0), Reading(1, NOW_US - 250_000, 1.0, 0)]
    assert parts.numbers == [Number("", 7)]
    assert parts.refused == []


def test_iso_time_and_epoch_seconds_mean_the_same():
    in_beijing = read({"ts": "2026-11-18T19:06:40.5+08:00", "tilt": 1}).readings
    assert in_beijing == read({"ts": NOW_S + 0.5, "tilt": 1}).readings
    assert len(in_beijing) == 1


def test_without_time_the_arrival_is_taken_and_marked():
    assert read({"tilt": 1}).readings == [Reading(0, NOW_US, 1.0, ARRIVAL_TIME)]


def test_an_array_is_read_object_by_object():
    parts = read([{"ts": NOW_S, "n": 1, "tilt": 1}, {"ts": NOW_S + 1, "n": 2, "b": "boot-3", "tilt": 2}])
    assert [reading.value for reading in parts.readings] == [1.0, 2.0]
    assert parts.numbers == [Number("", 1), Number("boot-3", 2)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", Refusal.NOT_JSON),
        (b"", Refusal.NOT_JSON),
        (b"\xff\xfe", Refusal.NOT_JSON),
        (b"[" * 30_000, Refusal.NOT_JSON),
        (b'{"tilt": 1} {"tilt": 2}', Refusal.NOT_JSON),
        (b'"tilt"', Refusal.NOT_A_MESSAGE),
        (b"[1]", Refusal.NOT_A_MESSAGE),
        (b'{"tilt":' + b" " * 65_536 + b"1}", Refusal.TOO_LARGE),
        ({"tilt": "5"}, Refusal.NOT_A_NUMBER),
        ({"tilt": None}, Refusal.NOT_A_NUMBER),
        ({"tilt": [1]}, Refusal.NOT_A_NUMBER),
        (b'{"tilt": NaN}', Refusal.NOT_FINITE),
        (b'{"tilt": -Infinity}', Refusal.NOT_FINITE),
        (b'{"tilt": 1e999}', Refusal.NOT_FINITE),
        (b'{"tilt": 1' + b"0" * 400 + b"}", Refusal.NOT_FINITE),
        ({"ts": "yesterday", "tilt": 1}, Refusal.BAD_TIME),
        ({"ts": "2026-11-18T15:46:40", "tilt": 1}, Refusal.BAD_TIME),
        ({"ts": None, "tilt": 1}, Refusal.BAD_TIME),
        ({"ts": True, "tilt": 1}, Refusal.BAD_TIME),
        (b'{"ts": NaN, "tilt": 1}', Refusal.BAD_TIME),
        ({"ts": 946_684_799, "tilt": 1}, Refusal.TOO_OLD),
        ({"ts": -(10**400), "tilt": 1}, Refusal.BAD_TIME),
        ({"ts": NOW_S + 301, "tilt": 1}, Refusal.IN_FUTURE),
        ({"ts": NOW_S * 1000, "tilt": 1}, Refusal.IN_FUTURE),
        ({"rssi": -90}, Refusal.UNKNOWN_METRIC),
        ({"n": 0, "tilt": 1}, Refusal.BAD_COUNTER),
        ({"n": True, "tilt": 1}, Refusal.BAD_COUNTER),
        ({"n": "4", "tilt": 1}, Refusal.BAD_COUNTER),
        ({"n": 1, "b": "\0", "tilt": 1}, Refusal.BAD_COUNTER),
        ({"n": 1, "b": "x" * 65, "tilt": 1}, Refusal.BAD_COUNTER),
    ],
)
def test_each_kind_of_bad_input_has_its_reason(content, reason):
    assert reasons(content) == [reason]


def test_five_minutes_ahead_and_the_year_2000_are_still_taken():
    assert not reasons({"ts": NOW_S + 300, "tilt": 1})
    assert not reasons({"ts": 946_684_800, "tilt": 1})


def test_the_good_part_of_a_message_is_kept():
    parts = read(b'{"ts": 1795000000, "n": 3, "tilt": NaN, "open": 1, "rssi": 4}')
    assert parts.readings == [Reading(1, NOW_US, 1.0, 0)]
    assert parts.numbers == [Number("", 3)]
    assert [refused.reason for refused in parts.refused] == [Refusal.NOT_FINITE, Refusal.UNKNOWN_METRIC]


def test_the_number_counts_even_if_the_time_is_refused():
    assert read({"ts": "?", "n": 4, "tilt": 1}).numbers == [Number("", 4)]


def test_details_can_always_be_stored():
    detail = read({"\0\ud800": 1}).refused[0].detail
    assert detail.encode("utf-8") == "��".encode()


@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise(body):
    read(body)


KEYS = ["ts", "n", "b", "tilt", "open", "bn", "bt", "bv", "v", "vb", "vs", "t", "bver", "x", "x_"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5), max_leaves=12
)


@given(json_values)
def test_no_json_whatever_raises_and_only_finite_values_in_time_are_taken(content):
    for reading in read(content).readings:
        assert reading.value == reading.value
        assert abs(reading.value) != float("inf")
        assert 946_684_800_000_000 <= reading.at_us <= NOW_US + 300_000_000
