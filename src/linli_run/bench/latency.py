"""`linli bench latency`: from the publish of a reading until its exceedance is committed, and until a board is told."""

import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from linli_run.bench import ingest, machine, stage
from linli_run.bench.board import Board, seen_ns, watched
from linli_run.bench.fleet import CONNECTIONS, METRICS, Fleet
from linli_run.bench.generator import Sent
from linli_run.bench.plan import Plan
from linli_run.bench.report import Goal, Report, Spread, percentile, rounded
from linli_run.bench.stage import Drive, Stage
from linli_run.bench.stored import durability, shortcomings
from linli_run.bench.witness import Witness

SECONDS: Final = 8.0
GOALS: Final = {1_000: Goal(30, is_least=False), 10_000: Goal(50, is_least=False)}
HEADLINE: Final = 10_000
CROSSER_EVERY: Final = 20
BOARD_GOAL: Final = Goal(300, is_least=False)
BOARD_RATE: Final = 1_000
BOARD_CROSSER_EVERY: Final = 200
BOARD_WARM_UP: Final = 4
BOARD_TAKES_S: Final = 90.0
LATE_SHARE: Final = 0.05


@dataclass
class AtRate:
    """The runs at one rate (同一速率的各轮); milliseconds from publish to committed exceedance."""

    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    drives: list[Drive] = field(default_factory=list)
    samples: int = 0

    def add(self, drive: Drive, took_ms: Sequence[float]) -> None:
        """Note one run."""
        self.p50.append(percentile(took_ms, 0.5))
        self.p99.append(percentile(took_ms, 0.99))
        self.late.append(drive.sent.late_ms)
        self.drives.append(drive)
        self.samples += len(took_ms)

    def as_dict(self, goal: Goal) -> dict[str, Any]:
        """Return it as JSON has it."""
        spreads = {"p50_ms": self.p50, "p99_ms": self.p99, "generator_late_p99_ms": self.late}
        told = {name: (spread := Spread.of(figures)) and spread.as_dict() for name, figures in spreads.items()}
        return {**told, "goal": goal.as_dict(), "held": goal.is_held(Spread.of(self.p99)), "samples": self.samples,
                **_cost(self.drives)}  # fmt: skip


def prepare(plan: Plan) -> Path:
    """Build the folder that later runs start from."""
    return stage.prepare(fleet_of(plan))


def measure(plan: Plan) -> Report:
    """Send at each rate in turn, after a run to warm up; another connection sees the exceedances come."""
    load_before = os.getloadavg()[0]
    fleet = fleet_of(plan)
    found = {rate: AtRate() for rate in GOALS}
    failures: list[str] = []
    with stage.staged(fleet) as on:
        facts = machine.facts(load_before) | machine.server_facts(on.home.folder, on.ingest_url)
        durable = durability(on)
        next_n = 1 + ingest.warm_up(on, fleet)
        for run in plan.rounds(spare_s=BOARD_TAKES_S):
            for rate, at_rate in found.items():
                rounds = rounds_of(plan, fleet, rate)
                wrong = _run(on, fleet, next_n, rounds, rate, at_rate)
                failures += [f"run {run + 1} at {rate}/s: {one}" for one in wrong]
                next_n += rounds
    board = _on_board(plan, failures)
    ours = Spread.of(found[HEADLINE].p99)
    held = all(goal.is_held(Spread.of(found[rate].p99)) for rate, goal in GOALS.items())
    held = held and BOARD_GOAL.is_held(Spread.of(board.p99))
    return Report(
        bench="latency", unit=f"ms, p99 at {HEADLINE} messages/s", ours=ours, goal=GOALS[HEADLINE],
        held=held and not failures, durable=durable, seed=plan.seed, machine=facts,
        where={f"at_{rate}": at_rate.as_dict(GOALS[rate]) for rate, at_rate in found.items()}
        | {"board": board.as_dict(BOARD_GOAL)},
        runs=len(found[HEADLINE].p99), failures=failures, data=_data(plan, fleet),
    )  # fmt: skip


def fleet_of(plan: Plan) -> Fleet:
    """The senders of this bench."""
    return Fleet(plan.devices, CROSSER_EVERY, plan.seed)


def rounds_of(plan: Plan, fleet: Fleet, rate: float) -> int:
    """Return how many messages of each device fill a run; an even number, so that all end calm (轮数)."""
    return 2 * max(1, round(rate * plan.seconds / fleet.devices / 2))


def _on_board(plan: Plan, failures: list[str]) -> AtRate:
    """Send at one rate with worker and live part beside; a board hears of the alerts (上屏时延)."""
    fleet = Fleet(plan.devices, BOARD_CROSSER_EVERY, plan.seed)
    found = AtRate()
    with stage.staged(fleet) as on, watched(on):
        _run_on_board(on, fleet, 1, BOARD_WARM_UP, AtRate())
        next_n = 1 + BOARD_WARM_UP
        for run in plan.rounds():
            rounds = rounds_of(plan, fleet, BOARD_RATE)
            wrong = _run_on_board(on, fleet, next_n, rounds, found)
            failures += [f"board, run {run + 1}: {one}" for one in wrong]
            next_n += rounds
    return found


def _run_on_board(on: Stage, fleet: Fleet, first_n: int, rounds: int, into: AtRate) -> list[str]:
    raising = fleet.crossers() * rounds // 2
    with Board(on) as board:
        drive = on.drive(ingest.order(on, fleet, first_n, rounds, float(BOARD_RATE)))
        board.wait_for(raising)
    took_ms = delays_ms(drive.sent, seen_ns(on, board, fleet.at_us(0, first_n)))
    wrong = shortcomings(on, fleet, first_n, rounds, drive.sent)
    if len(took_ms) != raising:
        wrong.append(f"{len(took_ms)} of {raising} alerts seen on the board")
    if not wrong:
        into.add(drive, took_ms)
    return wrong


def _run(on: Stage, fleet: Fleet, first_n: int, rounds: int, rate: int, into: AtRate) -> list[str]:
    """Carry out one run and note it; return what is wrong with it."""
    with Witness(on.env["DATABASE_URL"]) as witness:
        drive = on.drive(ingest.order(on, fleet, first_n, rounds, float(rate)))
    took_ms = delays_ms(drive.sent, witness.seen_ns)
    wrong = shortcomings(on, fleet, first_n, rounds, drive.sent)
    if len(took_ms) != len(drive.sent.crossings):
        wrong.append(f"{len(took_ms)} of {len(drive.sent.crossings)} exceedances seen")
    pace = (drive.sent.received_ns - drive.sent.began_ns) / 1e9 * rate / drive.sent.messages
    if pace > 1 + LATE_SHARE:
        wrong.append(f"the rate was not kept: sending took {pace:.2f} times as long as it should")
    if not wrong:
        into.add(drive, took_ms)
    return wrong


def delays_ms(sent: Sent, seen_ns: Mapping[int, int]) -> list[float]:
    """Return for each crossing that was seen how long after its publish it was (时延)."""
    return [(seen_ns[at_us] - handed_ns) / 1e6 for at_us, handed_ns in sent.crossings if at_us in seen_ns]


def _cost(drives: Sequence[Drive]) -> dict[str, Any]:
    """Say what the middle of the runs cost: batches, and ingest's main thread by stage for each of them."""
    if not drives:
        return {}
    batches = [drive.batches for drive in drives]
    stages = {name: sum(drive.spent_s.get(name, 0.0) for drive in drives) / max(1, sum(batches))
              for name in drives[0].spent_s}  # fmt: skip
    return {
        "batches": round(statistics.median(batches)),
        "messages_a_batch": rounded(statistics.median(drive.sent.messages / max(1, drive.batches) for drive in drives)),
        "ms_a_batch": {name: rounded(s * 1000) for name, s in sorted(stages.items(), key=lambda one: -one[1])},
        "cores": {name: statistics.median(drive.cores[name] for drive in drives) for name in drives[0].cores},
    }  # fmt: skip


def _data(plan: Plan, fleet: Fleet) -> str:
    return (
        f"{plan.seconds:g} s a run and rate, {METRICS} metrics a message, 2 of them under a threshold rule, from "
        f"{fleet.devices} devices over {CONNECTIONS} connections; one message in {CROSSER_EVERY} changes a level and "
        "is a sample. A sample runs from the moment before its message is handed to the socket, noted by a process of "
        "its own, until a second database connection, woken by the notification, has read the committed row; both "
        "look at one clock. Sender, message server, ingest and database share the machine. Board: in a database of its "
        f"own, {BOARD_RATE} messages a second, one in {BOARD_CROSSER_EVERY} changes a level, every second one of these "
        "raises an alert that becomes a case; until the event of that alert has come to a listener of the live part."
    )
