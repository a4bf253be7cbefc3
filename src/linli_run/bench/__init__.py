"""`linli bench`: measurements of this machine and this version (测量)."""

import argparse
import json
import logging
import signal
import sys
from importlib import import_module
from typing import Final

from linli_run.bench.plan import Plan
from linli_run.bench.report import Report

MODULES: Final = {
    "audit": "linli_run.bench.audit",
    "ingest": "linli_run.bench.ingest",
    "latency": "linli_run.bench.latency",
    "startup": "linli_run.bench.startup",
}
STOPPED: Final = 143


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, and how long."""
    parser.add_argument("name", choices=sorted(MODULES), help=f"one of {', '.join(MODULES)}")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("--runs", type=_count, default=5, help="how often to measure")
    parser.add_argument("--seconds", type=_seconds, help="length of one run; each bench has its own")
    parser.add_argument("--seed", type=int, default=1, help="of the values that are sent")
    parser.add_argument("--devices", type=_count, default=1000, help="senders, rounded up to hundreds")
    parser.add_argument("--prepare", action="store_true", help="build the folder that later runs start from, and end")


def run(args: argparse.Namespace) -> int:
    """Measure and print; return 1 if a run failed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))  # so that what was started is stopped
    logging.disable(logging.INFO)  # standard error is for troubles
    bench = import_module(MODULES[args.name])
    plan = Plan(args.runs, args.seconds or bench.SECONDS, args.seed, -(-args.devices // 100) * 100)
    if args.prepare:
        print(bench.prepare(plan))
        return 0
    report: Report = bench.measure(plan)
    print(json.dumps(report.as_dict(), ensure_ascii=False) if args.json else report.as_text(), flush=True)
    return int(bool(report.failures))


def _count(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _seconds(text: str) -> float:
    if not 0.1 <= (number := float(text)) <= 60:
        raise argparse.ArgumentTypeError("from 0.1 to 60")
    return number
