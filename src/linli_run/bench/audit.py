"""`linli bench audit`: how fast the trail is sealed, counted again, and what one entry costs its deed (审计测量)."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from linli_run.bench import machine, stage
from linli_run.bench.plan import Plan
from linli_run.bench.report import Goal, Report, Spread
from linli_run.home import Home
from linli_run.trouble import Trouble

SECONDS: Final = 5.0
ENTRIES: Final = 500_000
GOAL: Final = Goal(200_000, is_least=True)


def prepare(plan: Plan) -> Path:
    """Refuse: the trail is made in seconds. Raises: Trouble."""
    raise Trouble("The trail of this bench has nothing to prepare.", "Run `linli bench audit` without --prepare.")


def measure(plan: Plan) -> Report:
    """Enter a trail, seal it, and count it again as often as `plan` says."""
    load_before = os.getloadavg()[0]
    home = Home(Path(tempfile.mkdtemp(prefix="run-", dir=stage.bench_folder())))
    try:
        with stage.services(home) as on:
            on.build_database()
            facts = machine.facts(load_before) | machine.server_facts(home.folder, on.ingest_url)
            found = _asked(on, plan)
    finally:
        shutil.rmtree(home.folder, ignore_errors=True)
    ours = Spread.of([ENTRIES / seconds for seconds in found["verify_s"]])
    return Report(
        bench="audit", unit="links/s counted again", ours=ours, goal=GOAL,
        held=GOAL.is_held(ours) and not found["failures"],
        durable="fsync, synchronous_commit and full_page_writes on while sealing; counting again writes nothing",
        seed=plan.seed, machine=facts, runs=len(found["verify_s"]), failures=found["failures"],
        where={"sealed_per_s": Spread.of(found["sealed_per_s"]).as_dict(),
               "deed_without_entry_us": Spread.of(found["bare_us"]).as_dict(),
               "deed_with_entry_us": Spread.of(found["recorded_us"]).as_dict()},
        data=f"{ENTRIES:,} entries as cases leave them, digest {found['method']}, sealed in rounds of 5,000",
    )  # fmt: skip


def _asked(on: stage.Stage, plan: Plan) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "linli_run.bench.audited", str(ENTRIES), str(plan.runs)]
    done = subprocess.run(command, env=on.env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"The trail could not be measured:\n{done.stderr}", "Read the text above.")
    return dict(json.loads(done.stdout))
