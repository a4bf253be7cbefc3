"""MQTT 3.1.1 packets (报文), as much of it as a sender needs. Source: OASIS MQTT 3.1.1 §2, §3."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 2, 3, 4, 9, 13
PINGREQ: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"
LONGEST_TEXT: Final = 65_535
REFUSALS: Final = {
    1: "protocol version refused", 2: "client id refused", 3: "server unavailable", 4: "bad user or password",
    5: "not authorised",
}  # fmt: skip


class Packet(NamedTuple):
    """One packet: kind, the flags of its first byte, and all behind its length."""

    kind: int
    flags: int
    body: bytes


def connect(client_id: str, user: str | None, password: str | None, keepalive_s: int) -> bytes:
    """Return CONNECT with a clean session."""
    flags = 0x02 | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    body = _text("MQTT") + bytes([4, flags]) + keepalive_s.to_bytes(2, "big") + _text(client_id)
    return _packet(0x10, body + b"".join(_text(part) for part in (user, password) if part is not None))


def publish(topic: str, payload: bytes, packet_id: int = 0) -> bytes:
    """Return PUBLISH: QoS 1 with a packet id from 1 to 65,535, else QoS 0."""
    if not packet_id:
        return _packet(0x30, _text(topic) + payload)
    return _packet(0x32, _text(topic) + packet_id.to_bytes(2, "big") + payload)


def subscribe(packet_id: int, topics: Sequence[str]) -> bytes:
    """Return SUBSCRIBE to topics at QoS 0."""
    return _packet(0x82, packet_id.to_bytes(2, "big") + b"".join(_text(topic) + b"\0" for topic in topics))


def puback(packet_id: int) -> bytes:
    """Return PUBACK, to a server's QoS 1 message."""
    return _packet(0x40, packet_id.to_bytes(2, "big"))


def published(packet: Packet) -> tuple[str, int, bytes]:
    """Return topic, packet id (0 at QoS 0) and payload of a PUBLISH."""
    end = 2 + int.from_bytes(packet.body[:2], "big")
    topic = packet.body[2:end].decode("utf-8", "replace")
    if not packet.flags & 0x06:
        return topic, 0, packet.body[end:]
    return topic, int.from_bytes(packet.body[end : end + 2], "big"), packet.body[end + 2 :]


class Cutter:
    """Cuts packets out of a stream of bytes (拆包)."""

    def __init__(self) -> None:
        self._rest = b""

    def packets(self, data: bytes) -> Iterator[Packet]:
        """Yield the packets that are whole with these bytes."""
        self._rest += data
        at = 0
        while (found := _length(self._rest, at + 1)) is not None:
            length, start = found
            if start + length > len(self._rest):
                break
            first = self._rest[at]
            yield Packet(first >> 4, first & 0x0F, self._rest[start : start + length])
            at = start + length
        self._rest = self._rest[at:]


def _length(data: bytes, at: int) -> tuple[int, int] | None:
    length = 0
    for place in range(4):
        if at + place >= len(data):
            return None
        length |= (data[at + place] & 0x7F) << 7 * place
        if data[at + place] < 0x80:
            return length, at + place + 1
    raise ValueError("a packet's length has at most four bytes")


def _packet(first: int, body: bytes) -> bytes:
    length, encoded = len(body), bytearray()
    while True:
        length, low = length >> 7, length & 0x7F
        encoded.append(low | (0x80 if length else 0))
        if not length:
            return bytes([first]) + encoded + body


def _text(text: str) -> bytes:
    encoded = text.encode()
    if len(encoded) > LONGEST_TEXT:
        raise ValueError("too long for a text field")
    return len(encoded).to_bytes(2, "big") + encoded
