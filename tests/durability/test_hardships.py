"""No room, no time, no answer (困境): each is told plainly, nothing told stored is lost, and it passes."""

import errno
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.durability import load, outcome
from tests.durability.stage import Stage
from tests.make.run import short_folder, wait_for

from linli_edge.sender import Sender
from linli_run import pulse as pulse_module
from linli_run import supervisor as supervisor_module
from linli_run.pulse import Pulse
from linli_run.supervisor import Supervisor

pytestmark = pytest.mark.durability
SMALL_DISK_MB = 700


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own, small enough to be filled."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m,mode=0700", "tmpfs", folder],
                             capture_output=True, text=True, check=False)  # fmt: skip
    if mounted.returncode:
        pytest.skip(f"this machine lets nobody mount a small disk: {mounted.stderr}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
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


def send_round(sender: Sender, round_: int) -> int:
    sent = 0
    for wave in load.waves(1, round_):
        for device, body in wave:
            sender.send(device, body)
            sent += 1
    return sent


def stored(stage: Stage, round_: int) -> int:
    day = (load.T0 + round_ * 86_400, load.T0 + (round_ + 1) * 86_400 - 1)
    return len(outcome.lines(stage.admin_url, outcome.OBSERVATIONS, *day))


def test_a_full_disk_is_told_and_once_there_is_room_again_nothing_is_missing(stage):
    with Sender(stage.nats.mqtt_url, "full") as sender:
        sent = send_round(sender, 1)
        assert sender.wait(60)
        filler = stage.home.folder.parent / "filler"
        with suppress_no_room(), filler.open("wb") as sink:
            while True:
                sink.write(bytes(1 << 20))
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


@contextmanager
def suppress_no_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


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
