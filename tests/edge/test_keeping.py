"""What a gateway keeps while its line is away: for a week, over its own end, and without silent loss."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from linli_edge.journal import Journal
from linli_edge.run import Run, packed
from linli_edge.sender import NotStored, Sender

NOWHERE = "mqtt://device:x@127.0.0.1:1"
WEEK_OF_QUARTERS, DEVICES = 7 * 24 * 4, 1_000
BODY = {"ts": 1_790_000_000, "tilt_deg": 12.5, "water_cm": 34.25, "battery_pct": 87}


def test_a_week_of_a_thousand_devices_every_quarter_of_an_hour_is_kept_and_comes_back_in_order(tmp_path):
    """One device's week is written as the sender writes it; the others' by the same statements in one go."""
    journal = Journal(tmp_path / "kept")
    first = Run("gw-0000", "s")
    for at in range(WEEK_OF_QUARTERS):
        first.kept.append(packed({**BODY, "ts": BODY["ts"] + 900 * at}))
        journal.added(first)
    for number in range(1, DEVICES):
        run = Run(f"gw-{number:04d}", "s")
        run.kept.extend(first.kept)
        journal.renewed(run)
    journal.close()
    size = (tmp_path / "kept").stat().st_size
    assert size < 100 * WEEK_OF_QUARTERS * DEVICES + 10**7, f"{size / 1e6:.0f} MB"
    runs = Journal(tmp_path / "kept").runs()
    assert len(runs) == DEVICES
    last = runs[f"gw-{DEVICES - 1:04d}"]
    assert [json.loads("{" + text + "}")["ts"] for text in last.kept] == [
        BODY["ts"] + 900 * at for at in range(WEEK_OF_QUARTERS)
    ]
    assert json.loads(last.due(1, 0.0)[0][1])["n"] == 1


SENDER = """
import sys, time
from pathlib import Path
from linli_edge.sender import Sender
with Sender(sys.argv[1], "edge", journal=Path(sys.argv[2])) as sender:
    for at in range(10_000):
        sender.send("gw-1", {"ts": at, "tilt_deg": 1})
        print(at, flush=True)
"""


def test_what_send_returned_for_is_on_disk_though_the_gateway_is_killed(tmp_path):
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    with subprocess.Popen([sys.executable, "-c", SENDER, NOWHERE, tmp_path / "kept"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, env=env) as process:  # fmt: skip
        assert process.stdout
        for _ in range(200):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        said = 200 + len(process.stdout.read().splitlines())
    journal = Journal(tmp_path / "kept")
    kept = journal.runs()["gw-1"]
    journal.close()
    assert len(kept.kept) in (said, said + 1)
    assert kept.acked == 0


def test_a_journal_without_room_refuses_the_message_aloud_and_gives_it_no_number(tmp_path, monkeypatch):
    with Sender(NOWHERE, "edge", journal=tmp_path / "kept") as sender:
        sender.send("gw-1", {"ts": 1})
        monkeypatch.setattr(sender._journal, "added", no_room)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            sender.send("gw-1", {"ts": 2})
        monkeypatch.undo()
        sender.send("gw-1", {"ts": 3})
        assert sender.progress().handed_in == 2
    kept = Journal(tmp_path / "kept").runs()["gw-1"].kept
    assert list(kept) == ['"ts":1', '"ts":3']


def no_room(run: Run, count: int) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def test_a_sender_that_may_keep_no_more_says_so(tmp_path):
    with Sender(NOWHERE, "edge", room=2) as sender:
        sender.send("gw-1", {"ts": 1})
        sender.send("gw-1", {"ts": 2})
        with pytest.raises(NotStored, match="2 messages"):
            sender.send("gw-1", {"ts": 3}, timeout_s=0.01)


def test_a_copied_journal_goes_on_in_a_session_of_its_own(tmp_path):
    journal = Journal(tmp_path / "kept")
    run = Run("gw-1", "s")
    run.kept.append('"ts":1')
    journal.runs()
    journal.added(run)
    journal.close()
    shutil.copy(tmp_path / "kept", tmp_path / "copy")
    copied = Journal(tmp_path / "copy").runs()["gw-1"]
    assert copied.session != "s"
    assert Journal(tmp_path / "kept").runs()["gw-1"].session == "s"
    assert list(copied.kept) == ['"ts":1']
