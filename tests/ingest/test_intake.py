"""Reading a batch together must come to the same as reading its messages one by one."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linli.sensing.domain.refusal import Refusal
from linli_ingest import payload
from linli_ingest.batch import Batch, subject_for
from linli_ingest.device import Device
from linli_ingest.intake import take_in

NOW_S = 1_795_000_000
DEVICES = {
    b"d.a.t": Device("a", slots={"tilt": 0, "open": 1}),
    b"d.b.t": Device("b", slots={"tilt": 2, "level": 3}),
}


def batch_of(*messages):
    batch = Batch()
    for at, (device, body) in enumerate(messages):
        batch.subjects.append(subject_for(device, "t").encode())
        batch.payloads.append(body if isinstance(body, bytes) else json.dumps(body).encode())
        batch.replies.append(b"$JS.ACK.TELEMETRY.c.1.%d.%d.%d.0" % (at + 1, at + 1, NOW_S * 10**9 + at))
    return batch


def rows(intake):
    readings = intake.readings
    return list(zip(readings.messages.tolist(), readings.slots.tolist(), readings.at_us.tolist(),
                    readings.values.tolist(), readings.flags.tolist(), strict=True))  # fmt: skip


def one_by_one(batch):
    readings, numbers, refused = [], [], []
    for at, (subject, body) in enumerate(zip(batch.subjects, batch.payloads, strict=True)):
        if (device := DEVICES.get(subject)) is None:
            refused.append((at, Refusal.UNKNOWN_DEVICE))
            continue
        parts = payload.read(device.slots, body, batch.token(at).arrived_us)
        readings += [(at, *reading) for reading in parts.readings]
        numbers += [(at, device.code, *number) for number in parts.numbers]
        refused += [(at, part.reason) for part in parts.refused]
    return [(at, slot, at_us, value, flags) for at, slot, at_us, value, flags in readings], numbers, refused


def test_what_lay_ahead_of_a_wrong_clock_is_taken_when_it_is_read_again_after_its_time():
    batch = batch_of(("a", {"tilt": 1, "ts": NOW_S + 3600}))
    assert [part.refused.reason for part in take_in(batch, DEVICES).refused] == [Refusal.IN_FUTURE]
    assert rows(take_in(batch, DEVICES, (NOW_S + 3600) * 10**6)) == [(0, 0, (NOW_S + 3600) * 10**6, 1.0, 0)]
    early = take_in(batch, DEVICES, (NOW_S + 60) * 10**6)
    assert [part.refused.reason for part in early.refused] == [Refusal.IN_FUTURE]


def together(batch):
    intake = take_in(batch, DEVICES)
    numbers = [(number.message, number.device.code, number.session, number.n) for number in intake.numbered]
    return rows(intake), numbers, [(part.message, part.refused.reason) for part in intake.refused]


times = st.one_of(st.floats(NOW_S - 5, NOW_S + 600), st.integers(NOW_S - 9, NOW_S), st.sampled_from(
    ["2026-11-18T10:00:00Z", "no", None, True, 10**400, -1, NOW_S * 1000]))  # fmt: skip
metric_values = st.one_of(st.floats(-50, 50), st.booleans(), st.sampled_from(["7", None, [1], {"x": 1}, 10**400]))
plain = st.dictionaries(st.sampled_from(["tilt", "open", "level", "rssi"]), metric_values, max_size=3)
whole = st.builds(
    lambda metrics, extra: {**extra, **metrics}, plain,
    st.fixed_dictionaries({}, optional={
        "ts": times, "n": st.sampled_from([1, 2, 2.0, 0, True, "3", 2**70]),
        "b": st.sampled_from(["x", "", 5, None, "y" * 70, "\0"])}))  # fmt: skip
broken = st.sampled_from(
    [b"", b"{", b"}", b"{}", b"[]", b"5", b'{"tilt":NaN}', b'{"tilt":1},{"tilt":2}', b'{"tilt":[1', b"2]}",
     b'{"tilt":"}', b'{","open":1}', b'"a":2}', b'{"a":1', b'{"tilt": "\xff"}', b'[{"n":"tilt","v":3}]',
     b'{"tilt":1}\n', b' {"tilt":1}'])  # fmt: skip
bodies = st.one_of(whole, whole, whole, st.lists(whole, max_size=3), broken)
A, B = ("a", {"ts": NOW_S, "tilt": 1}), ("b", {"ts": NOW_S, "tilt": 99})


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "stranger"]), bodies), min_size=1, max_size=12))
@settings(max_examples=500, deadline=None)
@example([("a", b'{"tilt":1},{"tilt":99}'), B, ("a", b'{"tilt":[1'), ("a", b"2]}")])
@example([("a", b'{"tilt":1},{"tilt":99}'), B, ("a", b'{"a":1'), ("a", b'"b":2}')])
@example([("a", b'{"tilt":"}'), ("a", b'{","open":1}'), B])
@example([("a", b'{"tilt":1},{"tilt":99}'), B, ("a", b'{"tilt":"}'), ("a", b'{","open":1}')])
@example([("a", {"n": 1, "rssi": 4}), ("b", {"n": 1, "tilt": 2}), A, ("a", {"n": 2, "rssi": 4, "open": 0}), B])
def test_together_and_one_by_one_come_to_the_same(messages):
    batch = batch_of(*messages)
    assert together(batch) == one_by_one(batch)


def test_a_batch_of_plain_messages_is_not_read_one_by_one(monkeypatch):
    monkeypatch.setattr(payload, "read", None)
    assert len(rows(take_in(batch_of(A, B, ("a", {"tilt": 2, "open": True})), DEVICES))) == 4


UNSTORABLE = [b"[]", b"{", b'{"a": "\\u0000"}', b'{"a":"\\ud800"}', b'{"a":1e999}', b'{"a":"' + b"x" * 4096 + b'"}']


@pytest.mark.parametrize("body", UNSTORABLE)
def test_a_status_the_database_would_not_take_is_refused(body):
    batch = batch_of(("a", body))
    batch.subjects[0] = b"d.a.s"
    intake = take_in(batch, DEVICES)
    assert [part.refused.reason for part in intake.refused] == [Refusal.BAD_STATUS]
    assert intake.statuses == []


def test_a_status_is_kept_as_text():
    batch = batch_of(("a", {"battery": 88, "说明": "好"}))
    batch.subjects[0] = b"d.a.s"
    told = take_in(batch, DEVICES).statuses
    assert [(status.device.code, status.text) for status in told] == [("a", '{"battery": 88, "说明": "好"}')]
