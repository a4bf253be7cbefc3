"""`linli edge` as it is run beside devices: killed, without a line, without a disk, twice, and asked how it stands."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from tests.make.road import PATIENCE_S, free_port

NOWHERE = "mqtt://device:geheim@127.0.0.1:1"
T0 = 1_790_000_000


class Gateway:
    """One agent, as a process of its own with a home of its own."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.port = home, free_port()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "NATS_", "MQTT_", "LINLI_"))}
        self.env = {**kept, "LINLI_HOME": str(home), "MQTT_URL": url, "LINLI_EDGE_LISTEN": f"127.0.0.1:{self.port}",
                    "PYTHONPATH": os.pathsep.join([str(Path.cwd() / "src"), *sys.path])}  # fmt: skip
        self.process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "linli_run", "edge", "run"], env=self.env, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        assert self.process.stdout
        assert "devices hand in at" in self.process.stdout.readline()

    def end(self, number: int) -> str:
        assert self.process
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == (0 if number == signal.SIGTERM else -number), said
        self.process = None
        return said

    def hand_in(self, device: str, *bodies: dict[str, object]) -> int:
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        line.request("POST", f"/d/{device}/t", json.dumps(bodies))
        status = line.getresponse().status
        line.close()
        return status

    def status(self, *words: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-m", "linli_run", "edge", "status", *words], env=self.env, text=True,
                              capture_output=True, timeout=PATIENCE_S, check=False)  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def await_kept(self, number: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while (found := json.loads(self.status("--json")[1])["kept"]) != number:
            assert time.monotonic() < deadline, found
            time.sleep(0.2)


@pytest.fixture
def gateways(tmp_path) -> Iterator[list[Gateway]]:
    opened: list[Gateway] = []
    yield opened
    for gateway in opened:
        if gateway.process:
            gateway.process.kill()
            gateway.process.communicate()


@pytest.fixture
def beside(gateways, tmp_path):
    def stand(url: str, name: str = "home") -> Gateway:
        gateways.append(Gateway(tmp_path / name, url))
        gateways[-1].begin()
        return gateways[-1]

    return stand


def test_what_it_answered_for_is_stored_once_though_it_ingest_and_the_line_are_killed(road, device, beside):
    gateway = beside(road.nats.mqtt_url)
    handed: list[int] = []
    for at in range(0, 400, 4):
        if at == 120:
            gateway.end(signal.SIGKILL)
            gateway.begin()
        if at == 200:
            road.end_ingest(signal.SIGKILL)
        if at == 280:
            road.start_ingest(ready=False)
        if gateway.hand_in(device, *({"ts": T0 + at + k, "tilt_deg": at + k} for k in range(4))) == 200:
            handed += range(at, at + 4)
    assert handed == list(range(400))
    gateway.await_kept(0)
    assert road.readings(device, "tilt_deg") == [(T0 + at, float(at)) for at in range(400)]
    assert road.held(device) == []
    status, said = gateway.status()
    assert (status, "line          up" in said) == (0, True)
    assert "kept" in gateway.end(signal.SIGTERM)


def test_two_gateways_that_send_for_one_device_lose_nothing_and_are_two_sessions(road, device, beside):
    one, two = beside(road.nats.mqtt_url, "one"), beside(road.nats.mqtt_url, "two")
    for at in range(0, 100, 2):
        assert one.hand_in(device, {"ts": T0 + at, "tilt_deg": 1}) == 200
        assert two.hand_in(device, {"ts": T0 + at + 1, "tilt_deg": 2}) == 200
    one.await_kept(0)
    two.await_kept(0)
    assert [value for _, value in road.readings(device, "tilt_deg")] == [1.0, 2.0] * 50


def test_without_a_line_it_keeps_says_why_and_goes_on_after_its_end(beside):
    gateway = beside(NOWHERE)
    assert gateway.hand_in("mc-1", {"tilt_deg": 1}, {"tilt_deg": 2}) == 200
    gateway.end(signal.SIGKILL)
    gateway.begin()
    told = json.loads(gateway.status("--json")[1])
    assert (told["kept"], told["devices"], told["connected"]) == (2, 1, False)
    assert "Connection refused" in told["line"]
    said = gateway.status()[1] + gateway.end(signal.SIGTERM)
    assert "geheim" not in said


def test_without_room_it_refuses_says_so_and_names_the_remedy(beside):
    gateway = beside(NOWHERE)
    gateway.end(signal.SIGTERM)
    gateway.env["LINLI_EDGE_ROOM"] = "3"
    gateway.begin()
    assert gateway.hand_in("mc-1", {"tilt_deg": 1}, {"tilt_deg": 2}) == 200
    assert gateway.hand_in("mc-1", {"tilt_deg": 3}, {"tilt_deg": 4}) == 507
    assert gateway.hand_in("mc-1", {"tilt_deg": 3}) == 200
    status, said = gateway.status()
    assert status == 1
    assert "✗ new messages are refused: no room is left" in said
    assert "LINLI_EDGE_ROOM" in said


def test_a_second_agent_on_the_same_journal_is_told_who_has_it(beside, gateways, tmp_path):
    beside(NOWHERE)
    second = Gateway(tmp_path / "home", NOWHERE)
    done = subprocess.run([sys.executable, "-m", "linli_run", "edge", "run"], env=second.env, text=True,
                          capture_output=True, timeout=PATIENCE_S, check=False)  # fmt: skip
    assert done.returncode == 1
    assert "is used by another agent" in done.stderr


@pytest.mark.parametrize(("changes", "said"), [
    ({"MQTT_URL": ""}, "MQTT_URL is not set"), ({"MQTT_URL": "http://x:geheim@y"}, "is not an address"),
    ({"LINLI_EDGE_LISTEN": "everywhere"}, "LINLI_EDGE_LISTEN"), ({"LINLI_EDGE_ROOM": "lots"}, "LINLI_EDGE_ROOM"),
])
def test_a_setting_that_cannot_be_used_is_named_with_its_remedy_and_without_its_secret(tmp_path, changes, said):
    env = {**Gateway(tmp_path, NOWHERE).env, **changes}
    done = subprocess.run([sys.executable, "-m", "linli_run", "edge", "run"], env=env, text=True, capture_output=True,
                          timeout=PATIENCE_S, check=False)  # fmt: skip
    assert done.returncode == 1
    assert said in done.stderr
    assert "geheim" not in done.stderr


def test_nobody_who_answers_is_said_as_such(tmp_path):
    status, said = Gateway(tmp_path, NOWHERE).status()
    assert status == 1
    assert "No gateway agent answers" in said


def test_a_small_machine_loads_neither_django_nor_the_database(tmp_path):
    code = ("import sys, linli_run.main, linli_run.edge; "
            "print([name for name in ('django', 'psycopg', 'numpy', 'numba') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], env=Gateway(tmp_path, NOWHERE).env, text=True,
                          capture_output=True, timeout=PATIENCE_S, check=True)  # fmt: skip
    assert done.stdout.strip() == "[]"
