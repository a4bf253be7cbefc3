import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli_edge import mqtt


def test_connect_is_as_the_standard_draws_it():
    assert mqtt.connect("c", "u", "p", 30) == bytes.fromhex("10 13 0004 4d515454 04 c2 001e 0001 63 0001 75 0001 70")
    assert mqtt.connect("c", None, None, 30)[9] == 0x02


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), st.binary(max_size=300),
                          st.integers(0, 65_535)), max_size=8), st.integers(1, 50))  # fmt: skip
def test_packets_are_cut_whole_however_the_bytes_come(messages, piece):
    stream = b"".join(mqtt.publish(topic, body, number) for topic, body, number in messages)
    cutter, found = mqtt.Cutter(), []
    for at in range(0, len(stream), piece):
        found += cutter.packets(stream[at : at + piece])
    assert [mqtt.published(packet) for packet in found] == [(topic, number, body) for topic, body, number in messages]


@pytest.mark.parametrize("length", [0, 127, 128, 16_383, 16_384, 2_097_152])
def test_lengths_of_one_to_four_bytes_are_written_and_read(length):
    packet = next(mqtt.Cutter().packets(mqtt.publish("", bytes(length))))
    assert len(packet.body) == length + 2


def test_a_length_of_five_bytes_is_refused():
    with pytest.raises(ValueError, match="four bytes"):
        list(mqtt.Cutter().packets(b"\x30\xff\xff\xff\xff\x01"))
