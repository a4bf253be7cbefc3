"""The load is what it says it is: every packet, every window, every receipt."""

import json
import socket
import time

import numpy as np
import pytest

from linli_edge import mqtt
from linli_ingest.quick import are_flat
from linli_run.bench.fleet import CONNECTIONS, Fleet, Frames
from linli_run.bench.generator import Receipts, Sent
from linli_run.bench.latency import delays_ms
from linli_run.bench.sender import Sender

FLEET = Fleet(devices=100, crosser_every=50, seed=1)


@pytest.fixture
def line():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def packets(frames):
    return [list(mqtt.Cutter().packets(of_line.data)) for of_line in frames]


def told(packet):
    topic, packet_id, body = mqtt.published(packet)
    return topic, packet_id, json.loads(body)


def test_a_packet_is_a_qos_1_publish_to_the_byte():
    frames = FLEET.frames(1, 1)
    body = FLEET.text(0, 1, 0, 0)
    assert body == b'{"ts":1735689600.000000,"n":1,"tilt_deg":0.0,"water_cm":0.0,"ch4_lel":30.0}'
    first = frames[0].data[: frames[0].ends[0]]
    head = b"\x32" + bytes([len(first) - 2]) + b"\x00\x10d/bench-000000/t\x00\x01" + b'{"ts":1735689600.000000,"n":1,'
    assert first.startswith(head)
    assert len(first) < 130
    assert are_flat([body]).all()


def test_each_device_counts_without_gap_on_one_connection_and_no_two_readings_share_a_time():
    lines = [[told(packet) for packet in of_line] for of_line in packets(FLEET.frames(4, 3))]
    assert len(lines) == CONNECTIONS
    numbers: dict[str, list[int]] = {}
    for of_line in lines:
        assert [packet_id for _, packet_id, _ in of_line] == list(range(1, 76))
        for topic, _, body in of_line:
            numbers.setdefault(topic, []).append(body["n"])
    assert numbers == {f"d/{FLEET.code(device)}/t": [4, 5, 6] for device in range(100)}
    assert len({body["ts"] for of_line in lines for _, _, body in of_line}) == 300


def test_packet_ids_go_round_and_are_never_nought():
    one = Fleet(devices=4, crosser_every=4, seed=1)
    ids = [mqtt.published(packet)[1] for packet in packets(one.frames(1, 65_537))[0]]
    assert ids[65_533:] == [65_534, 65_535, 1, 2]


def test_the_same_seed_sends_the_same_bytes_and_another_does_not():
    assert FLEET.frames(1, 2)[3].data == FLEET.frames(1, 2)[3].data
    assert FLEET.frames(1, 2)[3].data != Fleet(devices=100, crosser_every=50, seed=2).frames(1, 2)[3].data


def test_one_device_in_fifty_crosses_its_mark_with_every_message():
    heard = [told(packet) for of_line in packets(FLEET.frames(1, 4)) for packet in of_line]
    found = [(topic, body["ch4_lel"]) for topic, _, body in heard]
    assert [value for topic, value in found if topic == "d/bench-000050/t"] == [30.0, 1.5, 30.0, 1.5]
    assert {topic for topic, value in found if value == 30.0} == {"d/bench-000000/t", "d/bench-000050/t"}
    assert FLEET.crossers() == 2


def test_places_name_each_packet_in_order():
    for at, of_line in enumerate(packets(FLEET.frames(7, 2))):
        named = [(f"d/{FLEET.code(int(device))}/t", int(n)) for device, n in FLEET.places(at, 7, 2)]
        assert named == [(topic, body["n"]) for topic, _, body in map(told, of_line)]


def test_no_more_is_out_than_the_window_holds(line):
    ours, theirs = line
    sender = Sender(ours, Frames(b"abcdef" * 10, np.arange(6, 61, 6)), window=3)
    sender.write(due=10)
    assert theirs.recv(100) == b"abcdef" * 3
    assert not sender.wants(due=10)
    theirs.sendall(b"\x40\x02\x00\x01\x40")
    sender.read()
    assert sender.acked == 1
    theirs.sendall(b"\x02\x00\x02")
    sender.read()
    assert (sender.acked, sender.wants(due=10), sender.wants(due=3)) == (2, True, False)
    sender.write(due=4)
    assert theirs.recv(100) == b"abcdef"


def test_anything_but_a_puback_ends_the_run(line):
    ours, theirs = line
    sender = Sender(ours, Frames(b"a", np.array([1])), window=1)
    theirs.sendall(b"\x40\x02\x00\x01\xd0\x00\x40\x02")
    with pytest.raises(ConnectionError):
        sender.read()


def test_a_message_was_handed_over_when_its_last_byte_was(line):
    ours, theirs = line
    sender = Sender(ours, Frames(b"x" * 30, np.array([10, 20, 30])), window=2)
    before = time.time_ns()
    sender.write(due=1)
    between = time.time_ns()
    sender.write(due=3)
    first, second = sender.handed_ns()
    assert before <= first <= between <= second
    theirs.sendall(b"\x40\x02\x00\x01")
    sender.read()
    sender.write(due=3)
    assert len(sender.handed_ns()) == 3


def test_receipts_cut_anywhere_are_understood(line):
    ours, theirs = line
    receipts = Receipts(ours, devices=2, before=5, last=7)
    stream = b"".join(mqtt.publish(f"d/bench-{device:06d}/a", b'{"n": %d}' % n)
                      for device, n in ((0, 6), (1, 7), (0, 7)))  # fmt: skip
    for at in range(len(stream)):
        assert not receipts.complete
        theirs.sendall(stream[at : at + 1])
        receipts.read()
    theirs.sendall(mqtt.publish("d/bench-000000/a", b'{"n": 6}'))
    receipts.read()
    assert receipts.complete
    assert receipts.count() == 4


def test_a_delay_runs_from_the_hand_over_to_the_sight():
    sent = Sent(messages=2, received=2, receipted=2, began_ns=0, received_ns=0, receipted_ns=0, cpu_s=0.0,
                crossings=[(10, 1_000_000), (20, 2_000_000)], late_ms=0.0)  # fmt: skip
    assert delays_ms(sent, {10: 4_500_000}) == [3.5]
