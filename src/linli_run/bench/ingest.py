"""`linli bench ingest`: messages a second, from the first publish until all are told stored (接入吞吐)."""

import os
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from linli_run.bench import machine, stage
from linli_run.bench.fleet import CONNECTIONS, METRICS, Fleet
from linli_run.bench.generator import Order
from linli_run.bench.plan import Plan
from linli_run.bench.report import Goal, Report, Spread, rounded
from linli_run.bench.stage import Drive, Stage
from linli_run.bench.stored import durability, shortcomings

SECONDS: Final = 5.0
GOAL: Final = Goal(40_000, is_least=True)
AIM: Final = Goal(60_000, is_least=True)  # what the design hopes for on such a machine
CROSSER_EVERY: Final = 100
WINDOW: Final = 1024
WARM_UP_MESSAGES: Final = 20_000
PATIENCE_S: Final = 30.0


def prepare(plan: Plan) -> Path:
    """Build the folder that later runs start from."""
    return stage.prepare(fleet_of(plan))


def measure(plan: Plan) -> Report:
    """Send the same load again and again into the same tables, after one run to warm up."""
    load_before = os.getloadavg()[0]
    fleet = fleet_of(plan)
    rounds = max(1, round(plan.seconds * AIM.figure / fleet.devices))
    drives, failures = [], []
    with stage.staged(fleet) as on:
        facts = machine.facts(load_before) | machine.server_facts(on.home.folder, on.ingest_url)
        durable = durability(on)
        next_n = 1 + warm_up(on, fleet)
        for run in plan.rounds():
            drive = on.drive(order(on, fleet, next_n, rounds))
            found = shortcomings(on, fleet, next_n, rounds, drive.sent)
            failures += [f"run {run + 1}: {one}" for one in found]
            drives += [] if found else [drive]
            next_n += rounds
    ours = Spread.of([drive.sent.messages / drive.took_s for drive in drives])
    where = {"aim": AIM.as_dict(), "aim_held": AIM.is_held(ours) and not failures, **_where(drives)}
    return Report(
        bench="ingest", unit="messages/s", ours=ours, goal=GOAL, held=GOAL.is_held(ours) and not failures,
        durable=durable, seed=plan.seed, machine=facts, where=where, runs=len(drives), failures=failures,
        data=f"{rounds * fleet.devices} messages a run of {METRICS} metrics, 2 of them under a threshold rule, from "
        f"{fleet.devices} devices over {CONNECTIONS} connections, at most {WINDOW} each without PUBACK; one message "
        f"in {CROSSER_EVERY} changes a level. Sender, message server, ingest and database share the machine; "
        "exceedances are stored, the worker that makes alerts of them does not run.",
    )  # fmt: skip


def fleet_of(plan: Plan) -> Fleet:
    """The senders of this bench."""
    return Fleet(plan.devices, CROSSER_EVERY, plan.seed)


def order(on: Stage, fleet: Fleet, first_n: int, rounds: int, rate: float = 0.0) -> Order:
    """The order to send so many rounds of this fleet's messages."""
    return Order(
        url=on.nats.mqtt_url, devices=fleet.devices, crosser_every=fleet.crosser_every, seed=fleet.seed,
        first_n=first_n, rounds=rounds, rate=rate, window=WINDOW, patience_s=PATIENCE_S,
    )  # fmt: skip


def warm_up(on: Stage, fleet: Fleet) -> int:
    """Let the rules be compiled and the tables be made; return the rounds sent."""
    rounds = 2 * max(1, WARM_UP_MESSAGES // fleet.devices // 2)
    on.drive(order(on, fleet, 1, rounds))
    return rounds


def _where(drives: Sequence[Drive]) -> dict[str, Any]:
    """Where the time of the middle run goes: ingest's main thread by stage, processors by process (耗时去向)."""
    if not drives:
        return {}
    drive = sorted(drives, key=lambda one: one.took_s)[len(drives) // 2]
    received_s = statistics.median((one.sent.received_ns - one.sent.began_ns) / 1e9 for one in drives)
    return {
        "seconds": rounded(drive.took_s),
        "received_after_s": rounded(received_s),
        "ingest_s": {name: rounded(s) for name, s in sorted(drive.spent_s.items(), key=lambda one: -one[1])},
        "batches": drive.batches,
        "messages_a_batch": round(drive.sent.messages / max(1, drive.batches)),
        "cores": drive.cores,
        "cpu_us_a_message": drive.cpu_us_a_message,
    }
