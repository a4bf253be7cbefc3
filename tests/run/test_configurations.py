import json
import stat
from pathlib import Path

import pytest

from linli_run.nats import Nats
from linli_run.postgres import configuration


@pytest.fixture
def nats(tmp_path) -> Nats:
    return Nats(tmp_path, port=4222, mqtt_port=1883, password="in", device_password="out", host="0.0.0.0")


def settings(text: str) -> dict[str, str]:
    return dict(line.split(" = ", 1) for line in text.splitlines())


def test_postgresql_opens_no_tcp_port_and_stores_before_it_tells():
    found = settings(configuration(Path("/tmp/s"), fsync=True))
    assert found["listen_addresses"] == "''"
    assert (found["synchronous_commit"], found["fsync"], found["full_page_writes"]) == ("on", "on", "on")
    assert found["unix_socket_directories"] == "'/tmp/s'"


def test_only_a_test_server_may_forget_and_even_that_commits_in_order():
    found = settings(configuration(Path("/tmp/s"), fsync=False))
    assert (found["synchronous_commit"], found["fsync"]) == ("on", "off")


def test_a_device_may_send_readings_and_hear_receipts_and_nothing_else(nats):
    internal, device = nats.configuration()["authorization"]["users"]
    assert device["permissions"]["publish"] == ["d.>"]
    assert [s for s in device["permissions"]["subscribe"] if not s.startswith("$MQTT.")] == ["d.*.a"]
    assert device["allowed_connection_types"] == ["MQTT"]
    assert "permissions" not in internal


def test_only_the_device_listener_is_opened_to_the_network(nats):
    found = nats.configuration()
    assert found["listen"] == "127.0.0.1:4222"
    assert found["mqtt"]["listen"] == "0.0.0.0:1883"


def test_the_file_with_the_passwords_is_for_the_owner_only(nats, monkeypatch):
    monkeypatch.setattr("linli_run.processes.spawn", lambda *args, **kwargs: None)
    nats.begin()
    written = nats.folder / "nats.json"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert json.loads(written.read_text("utf-8"))["authorization"] == nats.configuration()["authorization"]
