"""No room, no time, no answer (困境): each is told plainly, nothing told stored is lost, and it passes."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.durability import load, outcome
from tests.durability.ground import Clock, read_only, small_disk
from tests.durability.stage import Stage, enter_devices, speaking_to
from tests.make.run import Up, living_in, running, short_folder, wait_for

from linli_edge.sender import Sender
from linli_run import pulse as pulse_module
from linli_run import supervisor as supervisor_module
from linli_run.environment import Installation
from linli_run.home import Home
from linli_run.pulse import Pulse
from linli_run.supervisor import Supervisor

pytestmark = pytest.mark.durability
HOUR_S, DAY_S = 3_600, 86_400


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    with short_folder() as folder:
        folder.chmod(0o755)
        clock = Clock(folder)
        yield clock
        clock.end()


@pytest.fixture(scope="module")
def stage(clock) -> Iterator[Stage]:
    with short_folder() as folder, small_disk(folder / "disk") as disk:
        made = Stage(disk / "home", max_wal_mb=128)
        try:
            made.prepare()
            made.begin()
            yield made
        finally:
            made.close()


def states(stage: Stage) -> dict[str, str]:
    """What /readyz says of the parts that are not ready."""
    return {part["part"]: part["note"] for part in stage.readyz().get("parts", []) if not part["ready"]}


def send_round(sender: Sender, round_: int, half: bool | None = None) -> int:
    """Send a round, or the even waves of it, or the odd ones; return how many messages that were."""
    sent = 0
    waves = list(load.waves(1, round_))
    chosen = {None: waves, False: waves[::2], True: waves[1::2]}[half]
    for wave in chosen:
        for device, body in wave:
            sender.send(device, body)
            sent += 1
    return sent


def stored(stage: Stage, round_: int) -> int:
    return stored_in(stage.admin_url, round_)


def stored_in(url: str, round_: int) -> int:
    day = (load.T0 + round_ * DAY_S, load.T0 + (round_ + 1) * DAY_S - 1)
    return len(outcome.lines(url, outcome.OBSERVATIONS, *day))


def test_a_full_disk_is_told_and_once_there_is_room_again_nothing_is_missing(stage):
    with Sender(stage.nats.mqtt_url, "full") as sender:
        sent = send_round(sender, 1)
        assert sender.wait(60)
        filler = fill(stage.home.folder.parent)
        sent += send_round(sender, 2)
        wait_for(lambda: "disk" in states(stage) or stage.tend(), 60)
        assert "free" in states(stage)["disk"]
        told = stage.doctor()
        assert told["disk"]["grade"] == "bad"
        time.sleep(3)
        filler.unlink()
        stage.await_true(lambda: sender.wait(0.2), "told that everything is stored", 180)
    assert sent * 3 == stored(stage, 1) + stored(stage, 2)
    stage.await_true(lambda: "disk" not in states(stage), "with room again")
    stage.await_true(stage.is_ready, "ready again")


def fill(disk: Path) -> Path:
    """Leave no room on a disk; return the file that takes it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as sink, pytest.raises(OSError, match="No space left"):
        while True:
            sink.write(bytes(1 << 20))
    return filler


@pytest.mark.parametrize("name", ["ingest", "worker", "web"])
def test_a_part_that_hangs_is_seen_and_started_again(stage, monkeypatch, name):
    monkeypatch.setattr(supervisor_module, "HUNG_AFTER_S", 4.0)
    monkeypatch.setattr(supervisor_module, "ASK_EVERY_S", 1.0)
    monkeypatch.setattr(pulse_module, "SILENT_AFTER_S", 4.0)
    part = next(part for part in stage.parts if part.name == name)
    part.probe = stage.probe(name)
    said: list[str] = []
    supervisor = Supervisor(lambda who, what: said.append(f"{who}: {what}"))
    supervisor.watch(name, part, Pulse(stage.env["DATABASE_URL"]).of(part))
    wait_for(lambda: supervisor.tend() or supervisor.watched[0].was_ready, 30)
    hung = part.running_pid()
    assert hung
    os.killpg(hung, signal.SIGSTOP)
    wait_for(lambda: supervisor.tend() or part.running_pid() not in (hung, None), 60)
    assert any("lives but has not worked" in line for line in said)
    stage.await_true(stage.is_ready, "ready again")


def test_a_stream_at_its_limit_drops_only_what_is_stored_or_says_what_it_dropped(stage):
    """While ingest is away a tiny stream runs over; what it dropped unread was never receipted and comes again."""
    ingest = stage.parts[0]
    with Sender(stage.nats.mqtt_url, "limits") as sender:
        sent = send_round(sender, 3)
        assert sender.wait(60)
        stage.limit_stream(20_000)
        ingest.stop()
        sent += send_round(sender, 4)
        time.sleep(2)
        ingest.begin()
        stage.await_true(lambda: sender.wait(0.2), "told that everything is stored", 120)
    assert sent * 3 == stored(stage, 3) + stored(stage, 4)
    assert outcome.count(stage.admin_url, outcome.UNACCOUNTED) > 0
    stage.await_true(lambda: "left the stream" in str(stage.readyz()), "said on /readyz", 20)
    assert stage.doctor()["messages"]["grade"] == "bad"


@pytest.mark.parametrize("jump_s", [HOUR_S, -HOUR_S], ids=["ahead", "back"])
def test_a_clock_that_jumps_and_comes_back_is_told_and_holds_up_nothing(stage, clock, jump_s):
    """Every process but NATS finds itself in another hour, twice: none ends, nothing waits for its hour to come."""
    if not clock.is_there:
        pytest.skip("no compiler here for what moves the clock")
    round_, sent = (5, 0) if jump_s > 0 else (6, 0)
    living = [part.running_pid() for part in stage.parts]
    with Sender(stage.nats.mqtt_url, "clock") as sender:
        for moved_s in (jump_s, 0):
            sent += send_round(sender, round_, half=moved_s == 0)
            clock.move(moved_s)
            wait_for(lambda: sender.wait(0.1), 30)
            stage.await_true(stage.is_ready, "ready under the moved clock", 30)
            told = stage.doctor()["clock"]
            assert told["said"].startswith(f"moved by {jump_s if moved_s else -jump_s:+d}"[:-1]), told
        for question in (outcome.UNTAKEN, outcome.DUE, outcome.UNSENT):
            stage.await_true(lambda asked=question: outcome.count(stage.admin_url, asked) == 0, question, 60)
    assert sent * 3 == stored(stage, round_)
    assert [part.running_pid() for part in stage.parts] == living


def test_a_home_that_can_no_longer_be_written_is_told_and_once_it_can_nothing_is_missing(stage):
    ingest = stage.parts[0]
    said: list[str] = []
    supervisor = Supervisor(lambda who, what: said.append(f"{who}: {what}"))
    supervisor.watch("ingest", ingest)
    with Sender(stage.nats.mqtt_url, "read-only") as sender:
        sent = send_round(sender, 7)
        assert sender.wait(60)
        with read_only(stage.home.folder):
            wait_for(lambda: states(stage).get("disk") == "cannot be written", 30)
            told = stage.doctor()
            assert (told["home"]["grade"], "Read-only" in told["home"]["said"]) == ("bad", True)
            killed = ingest.running_pid()
            assert killed
            os.killpg(killed, signal.SIGKILL)
            sent += send_round(sender, 8)
            wait_for(lambda: supervisor.tend() or any("Read-only" in line for line in said), 30)
        wait_for(lambda: supervisor.tend() or sender.wait(0.1), 60)
    assert sent * 3 == stored(stage, 7) + stored(stage, 8)
    stage.await_true(stage.is_ready, "ready again")


@pytest.mark.skipif("LINLI_ROUNDS" not in os.environ, reason="takes more than a minute: `make durability` has it")
def test_supervisor_and_message_server_killed_on_a_full_disk_start_again_with_room_and_nothing_is_missing():
    with short_folder() as folder, small_disk(folder / "disk") as disk:
        home = disk / "home"
        postgres = Installation(Home(home)).postgres()
        assert postgres
        up = Up(home)
        up.wait_ready()
        with speaking_to(postgres.url("linli_app")):
            enter_devices()
        with Sender(mqtt_url(up), "dying") as sender:
            sent = send_round(sender, 9, half=False)
            assert sender.wait(60)
            filler = fill(disk)
            sent += send_round(sender, 9, half=True)
            for pid in (up.pid("nats"), up.process.pid):
                os.kill(pid, signal.SIGKILL)
            up.process.wait()
            wait_for(lambda: living_in(home) == [], 30)
            starved = Up(home)
            wait_for(lambda: "space" in starved.said() or starved.process.poll() is not None, 60)
            filler.unlink()
            starved.stop()
            assert "space" in starved.said(), starved.said()
            with running(home):
                wait_for(lambda: sender.wait(0.1), 90)
                assert stored_in(postgres.url("postgres"), 9) == 3 * sent


def mqtt_url(up: Up) -> str:
    """The address for devices that it printed."""
    return next(line.split()[-1] for line in up.said().splitlines() if " MQTT " in line)
