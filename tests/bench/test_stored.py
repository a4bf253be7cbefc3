"""A run whose counts differ is a failed run; a real run has equal counts."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest
from tests.bench.test_report import KEYS

from linli_run.bench import stored
from linli_run.bench.fleet import Fleet
from linli_run.bench.generator import Sent
from linli_run.bench.stored import shortcomings

FLEET = Fleet(devices=100, crosser_every=100, seed=1)
WHOLE = {"FROM observation": 600, "FROM exceedance": 2, "FROM receipt": 400, "FROM quarantine": 0, "FROM latest": 300}


@dataclass
class Answers:
    """Stands in for the database: what it counts, by table."""

    counts: dict[str, int]

    def rows(self, statement, *given):
        return [(count,) for table, count in self.counts.items() if table in statement]


def make_sent(**given):
    facts = {"messages": 200, "received": 200, "receipted": 200, "began_ns": 0, "received_ns": 1, "receipted_ns": 2,
             "cpu_s": 0.0, "crossings": [], "late_ms": 0.0}  # fmt: skip
    return Sent(**{**facts, **given})


def test_equal_counts_are_no_shortcoming():
    assert shortcomings(Answers(WHOLE), FLEET, 3, 2, make_sent()) == []


@pytest.mark.parametrize("table", WHOLE)
def test_a_table_that_holds_one_row_less_or_more_is_a_shortcoming(table, monkeypatch):
    monkeypatch.setattr(stored, "LATEST_WITHIN_S", 0.0)
    wrong = Answers({**WHOLE, table: WHOLE[table] + 1})
    [said] = shortcomings(wrong, FLEET, 3, 2, make_sent())
    assert said.endswith(f"{WHOLE[table] + 1} instead of {WHOLE[table]}")


@pytest.mark.parametrize("missing", ["received", "receipted"])
def test_a_message_without_puback_or_receipt_is_a_shortcoming(missing):
    assert shortcomings(Answers(WHOLE), FLEET, 3, 2, make_sent(**{missing: 199})) == [
        f"messages {missing}: 199 instead of 200"]  # fmt: skip


@pytest.mark.durability
def test_a_short_real_run_stores_what_it_sent_and_prints_one_object(tmp_path):
    asked = ["bench", "ingest", "--json", "--runs", "1", "--seconds", "0.1", "--devices", "100"]
    done = subprocess.run([sys.executable, "-P", "-m", "linli_run", *asked], capture_output=True, text=True,
                          env={**os.environ, "LINLI_HOME": str(tmp_path / "home")}, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) == KEYS
    assert (told["failures"], told["runs"], told["bench"]) == ([], 1, "ingest")
    assert told["ours"]["median"] > 0
    assert "fsync on, synchronous_commit on" in told["durable"]
    assert set(told["where"]["cores"]) == {"generator", "ingest", "nats", "postgres"}
    assert told["where"]["ingest_s"]["copy"] > 0
    assert {"cores", "fsync_ms", "copy_rows_s", "load_before"} <= set(told["machine"])
    assert not list((tmp_path / "home" / "bench").glob("run-*"))
