"""What the MQTT listener keeps for itself stays in memory; what devices send does not."""

import json

import pytest
from tests.make.run import wait_for
from tests.run.test_nats import Device, nats  # noqa: F401 - the fixture

from linli_ingest.feed import Feed, Position
from linli_run import nats_listener

pytestmark = pytest.mark.durability


def asked(feed, call):
    return feed._ask(call, {})


def test_the_listeners_stream_is_there_before_any_device_and_writes_no_file(nats):  # noqa: F811
    feed = Feed(nats.url)
    feed.open(Position())
    sensor = Device(nats, "mc-7")
    sensor.send("d/mc-7/t", b'{"n": 1}')
    sensor.leave()
    assert asked(feed, f"STREAM.INFO.{nats_listener.STREAM}")["config"]["storage"] == "memory"
    wait_for(lambda: asked(feed, "STREAM.INFO.TELEMETRY")["state"]["messages"] == 1, 10)
    feed.close()


def test_a_stream_that_the_listener_made_on_files_is_left_as_it_is(nats):  # noqa: F811
    feed = Feed(nats.url)
    feed._ask(f"STREAM.DELETE.{nats_listener.STREAM}", {})
    on_files = {**nats_listener.CONFIGURATION, "storage": "file"}
    feed._ask(f"STREAM.CREATE.{nats_listener.STREAM}", on_files)
    assert not nats_listener.provide(nats.url)
    assert asked(feed, f"STREAM.INFO.{nats_listener.STREAM}")["config"]["storage"] == "file"
    assert nats.is_ready()
    feed.close()


def test_what_a_device_sent_and_the_streams_outlive_a_kill_of_the_server(nats):  # noqa: F811
    feed = Feed(nats.url)
    feed.open(Position())
    sensor = Device(nats, "mc-7")
    for n in range(1, 51):
        sensor.send("d/mc-7/t", json.dumps({"n": n}).encode())
    sensor.leave()
    wait_for(lambda: asked(feed, "STREAM.INFO.TELEMETRY")["state"]["messages"] == 50, 10)
    feed.close()
    nats.child.kill()
    nats.child.wait()
    nats.start()
    feed = Feed(nats.url)
    assert asked(feed, f"STREAM.INFO.{nats_listener.STREAM}")["config"]["storage"] == "memory"
    assert asked(feed, "STREAM.INFO.TELEMETRY")["state"]["messages"] == 50
    late = Device(nats, "mc-7")
    late.send("d/mc-7/t", b'{"n": 51}')
    late.leave()
    wait_for(lambda: asked(feed, "STREAM.INFO.TELEMETRY")["state"]["messages"] == 51, 10)
    feed.close()
