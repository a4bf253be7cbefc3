"""The embedded NATS and what a device may do there."""

import os
import signal
from collections.abc import Iterator

import paho.mqtt.client as mqtt
import pytest
from tests.make.run import short_folder, wait_for

from linli_run import ports
from linli_run.nats import Nats

pytestmark = pytest.mark.durability


@pytest.fixture
def nats() -> Iterator[Nats]:
    with short_folder() as folder, ports.Reserved() as reserved:
        chosen = ports.choose({"nats": 24222, "mqtt": 21883}, reserved=reserved, say=lambda line: None)
        server = Nats(
            folder / "消息 服务", port=chosen["nats"], mqtt_port=chosen["mqtt"], password="in", device_password="out"
        )
        server.start()
        yield server
        server.stop()


class Device:
    """An MQTT client that notes what happens to it."""

    def __init__(self, nats: Nats, name: str, user: str = "device", password: str = "out") -> None:
        self.refused, self.granted, self.heard = None, None, []
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name)
        self.client.username_pw_set(user, password)
        self.client.on_connect = lambda c, u, flags, reason, p: setattr(self, "refused", reason.is_failure)
        self.client.on_subscribe = lambda c, u, mid, reasons, p: setattr(self, "granted", not reasons[0].is_failure)
        self.client.on_message = lambda c, u, message: self.heard.append((message.topic, message.payload))
        self.client.connect("127.0.0.1", nats.mqtt_port)
        self.client.loop_start()
        wait_for(lambda: self.refused is not None, 10)

    def may_hear(self, topic: str) -> bool:
        self.granted = None
        self.client.subscribe(topic, qos=1)
        wait_for(lambda: self.granted is not None, 10)
        return self.granted

    def send(self, topic: str, payload: bytes) -> None:
        self.client.publish(topic, payload, qos=1).wait_for_publish(10)

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def test_a_device_sends_readings_and_hears_receipts_and_nothing_else(nats):
    ours, sensor, other = Device(nats, "ours", "linli", "in"), Device(nats, "mc-7"), Device(nats, "mc-8")
    try:
        assert ours.may_hear("#")
        assert sensor.may_hear("d/mc-7/a")
        assert not any(other.may_hear(topic) for topic in ("#", "d/mc-7/t", "d/#", "$JS/#"))
        sensor.send("d/mc-7/t", b"{}")
        sensor.send("internal/orders", b"forged")
        ours.send("d/mc-7/a", b'{"n": 1}')
        wait_for(lambda: sensor.heard, 10)
        assert sensor.heard == [("d/mc-7/a", b'{"n": 1}')]
        assert ("d/mc-7/t", b"{}") in ours.heard
        assert not [topic for topic, _ in ours.heard if topic.startswith("internal")]
    finally:
        for device in (ours, sensor, other):
            device.leave()


@pytest.mark.parametrize(("user", "password"), [("device", "wrong"), ("", ""), ("device", "in")])
def test_a_wrong_password_is_refused(nats, user, password):
    stranger = Device(nats, "stranger", user, password)
    try:
        assert stranger.refused
    finally:
        stranger.leave()


def test_a_killed_server_is_started_again_in_its_folder(nats):
    for _ in range(3):
        os.kill(nats.running_pid(), signal.SIGKILL)
        nats.start()
        assert nats.is_ready()


def test_a_server_left_over_is_ended_before_a_new_one_starts(nats):
    left_over = nats.running_pid()
    second = Nats(nats.folder, port=nats.port, mqtt_port=nats.mqtt_port, password="in", device_password="out")
    second.start()
    try:
        assert second.running_pid() != left_over
        assert nats.child.wait(5) is not None
    finally:
        second.stop()


def test_a_server_that_once_had_no_room_does_not_work_until_it_is_started_again(nats):
    assert nats.works()
    with nats.log.open("ab") as log:
        log.write(b"[ERR] JetStream failed to store a msg: no space left on device\n")
    assert nats.is_ready()
    assert not nats.works()
    nats.stop()
    nats.start()
    assert nats.works()
