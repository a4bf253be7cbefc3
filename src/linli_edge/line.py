"""One connection to the message server (MQTT 连接), used by one thread."""

import os
import select
import socket
import ssl
import time
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from linli_edge import mqtt

KEEPALIVE_S: Final = 30
PATIENCE_S: Final = 10.0
TOPICS_A_PACKET: Final = 100
LAST_PACKET_ID: Final = 65_535


class LineLost(Exception):
    """The server is not there, hung up, or refuses us; the reason is in the text."""


class Heard(NamedTuple):
    """What the server sent: numbers of packets it received from us, and messages."""

    received: list[int]
    messages: list[tuple[str, bytes]]


class Line:
    """An open MQTT 3.1.1 connection; clean session, QoS 1 out, QoS 0 in.

    Raises: LineLost from every method.
    """

    def __init__(self, url: str, client_id: str) -> None:
        parts = urlsplit(url)
        self._cutter = mqtt.Cutter()
        self._packet_id = 0
        self._sent_at = self._heard_at = time.monotonic()
        try:
            host = parts.hostname or "127.0.0.1"
            encrypted = parts.scheme == "mqtts"
            self._socket = socket.create_connection((host, parts.port or (8883 if encrypted else 1883)), PATIENCE_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if encrypted:
                self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=host)
        except OSError as error:
            raise LineLost(f"no message server: {error}") from error
        user, password = (None if part is None else unquote(part) for part in (parts.username, parts.password))
        try:
            self._introduce(mqtt.connect(client_id, user, password, KEEPALIVE_S))
        except LineLost:
            self._socket.close()
            raise

    def _introduce(self, packet: bytes) -> None:
        self._send(packet)
        answer = self._await(mqtt.CONNACK)
        if answer.body[1]:
            raise LineLost(f"connection refused: {mqtt.REFUSALS.get(answer.body[1], answer.body[1])}")

    def close(self) -> None:
        """Say goodbye and hang up."""
        try:
            self._socket.sendall(mqtt.DISCONNECT)
        except OSError:
            pass
        finally:
            self._socket.close()

    def subscribe(self, topics: Sequence[str]) -> None:
        """Listen to topics; whatever is published afterwards on this line comes after it."""
        for at in range(0, len(topics), TOPICS_A_PACKET):
            self._send(mqtt.subscribe(self._next_id(), topics[at : at + TOPICS_A_PACKET]))

    def publish(self, messages: Sequence[tuple[str, bytes]]) -> list[int]:
        """Send messages at QoS 1 in one write and return their packet ids, which `hear` reports as received."""
        ids = [self._next_id() for _ in messages]
        self._send(b"".join(mqtt.publish(topic, body, number)
                            for (topic, body), number in zip(messages, ids, strict=True)))  # fmt: skip
        return ids

    def hear(self, wait_s: float, bell: int | None = None) -> Heard:
        """Return what has come, waiting up to `wait_s` for the first byte, or for the bell; keeps the line alive.

        Args:
            bell: a pipe into which another thread writes to be noticed at once; emptied here.
        """
        now = time.monotonic()
        if now - self._sent_at > KEEPALIVE_S / 2:
            self._send(mqtt.PINGREQ)
        if now - self._heard_at > KEEPALIVE_S * 1.5:
            raise LineLost("the message server fell silent")
        heard = Heard([], [])
        ours = self._socket.fileno()
        ready, _, _ = select.select([ours] if bell is None else [ours, bell], [], [], wait_s)
        if bell is not None and bell in ready:
            os.read(bell, 1 << 16)
        for packet in self._read() if ours in ready else ():
            self._note(packet, heard)
        return heard

    def _note(self, packet: mqtt.Packet, heard: Heard) -> None:
        if packet.kind == mqtt.PUBACK:
            heard.received.append(int.from_bytes(packet.body[:2], "big"))
        elif packet.kind == mqtt.PUBLISH:
            topic, packet_id, body = mqtt.published(packet)
            heard.messages.append((topic, body))
            if packet_id:
                self._send(mqtt.puback(packet_id))

    def _await(self, kind: int) -> mqtt.Packet:
        deadline = time.monotonic() + PATIENCE_S
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([self._socket], [], [], left)
            for packet in self._read() if ready else ():
                if packet.kind == kind:
                    return packet
        raise LineLost("the message server does not answer")

    def _read(self) -> list[mqtt.Packet]:
        try:
            data = self._socket.recv(1 << 16)
            packets = list(self._cutter.packets(data))
        except (OSError, ValueError) as error:
            raise LineLost(f"connection lost: {error}") from error
        if not data:
            raise LineLost("the message server hung up")
        self._heard_at = time.monotonic()
        return packets

    def _send(self, data: bytes) -> None:
        try:
            self._socket.settimeout(PATIENCE_S)
            self._socket.sendall(data)
        except OSError as error:
            raise LineLost(f"connection lost: {error}") from error
        self._sent_at = time.monotonic()

    def _next_id(self) -> int:
        self._packet_id = self._packet_id % LAST_PACKET_ID + 1
        return self._packet_id
