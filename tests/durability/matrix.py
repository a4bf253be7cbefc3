"""One stretch of rounds (一段轮次): the same load, undisturbed or with somebody killed in every round."""

import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.durability import load, outcome, people, strikes
from tests.durability.stage import Stage

from linli_edge.sender import Sender

SEED = 20_261_123
WAVE_PAUSE_S = 0.06
REACH_S = 8.0
AT_ONCE = 2
FIRST_DAY_S, DAY_S = load.T0, 86_400
ROUNDS_AT_MOST = load.DEVICES * len(people.MATTERS)  # in one stretch: each resident then reports a matter of its own


@dataclass(frozen=True)
class Blow:
    """Who is killed when."""

    point: str
    victim: str


@dataclass
class Account:
    """What a stretch came to, and what went wrong in it."""

    exceedances: dict[int, list[str]] = field(default_factory=dict)
    whole: dict[str, list[str]] = field(default_factory=dict)
    sent: int = 0
    struck: list[Blow] = field(default_factory=list)
    missed: list[Blow] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    took_s: list[float] = field(default_factory=list)


def few_blows(count: int) -> list[Blow]:
    """Return so many blows that every point and every victim comes, evenly."""
    points, victims = itertools.cycle(strikes.POINTS), itertools.cycle(strikes.VICTIMS)
    return _mixed([Blow(next(points), next(victims)) for _ in range(count)], 0)


def many_blows(count: int) -> list[Blow]:
    """Return so many blows: every victim at every point, again and again, each time in another order."""
    every = [Blow(point, victim) for point, victim in itertools.product(strikes.POINTS, strikes.VICTIMS)]
    return [blow for turn in range(count // len(every) + 1) for blow in _mixed(every, turn)][:count]


def _mixed(blows: Sequence[Blow], turn: int) -> list[Blow]:
    return random.Random(f"{SEED}/{turn}").sample(blows, len(blows))


def play(stage: Stage, rounds: int, blows: Sequence[Blow] = ()) -> Account:
    """Play `rounds` rounds on a fresh database, one blow in each if there are any."""
    account, matters = Account(), [people.Matter(stage, round_) for round_ in range(rounds)]
    stage.begin()
    try:
        with Sender(stage.nats.mqtt_url, "durability") as sender:
            for matter in matters:
                began = time.monotonic()
                _one_round(stage, sender, account, matter, blows[matter.round] if blows else None)
                stage.await_true(lambda: sum(matter.is_alive() for matter in matters) <= AT_ONCE, "told of the reports")
                account.took_s.append(time.monotonic() - began)
        stage.await_true(lambda: not any(matter.is_alive() for matter in matters), "told of all reports")
        _settle(stage)
        account.whole = outcome.whole(stage.admin_url)
        account.faults += [f"text {name}" for name in outcome.odd_texts(stage.admin_url, stage.texts)]
        if dead := outcome.count(stage.admin_url, outcome.DEAD):
            account.faults.append(f"{dead} events were given up")
    finally:
        strikes.withdraw(stage.home.folder)
        stage.end()
    return account


def _one_round(stage: Stage, sender: Sender, account: Account, matter: people.Matter, blow: Blow | None) -> None:
    round_ = matter.round
    if blow:
        stage.await_true(stage.is_ready, "ready before the round")
        stage.order(blow.point, blow.victim, 1 + _drawn(round_) if blow.point in strikes.INGEST_POINTS else 1)
    matter.start()
    for wave in load.waves(SEED, round_):
        for device, body in wave:
            sender.send(device, body)
            account.sent += 1
        stage.tend()
        time.sleep(WAVE_PAUSE_S)
    if blow:
        _await_blow(stage, account, blow)
    if blow:
        stage.await_true(lambda: outcome.count(stage.admin_url, outcome.UNTAKEN) == 0, "through with the alerts")
    stage.await_true(lambda: sender.wait(0.05), "told that everything is stored")
    _compare_readings(stage, account, round_)


def _drawn(round_: int) -> int:
    return random.Random(f"{SEED}/{round_}").randrange(3)


def _await_blow(stage: Stage, account: Account, blow: Blow) -> None:
    deadline = time.monotonic() + REACH_S
    while not strikes.is_done(stage.home.folder):
        if time.monotonic() > deadline:
            strikes.withdraw(stage.home.folder)
            account.missed.append(blow)
            return
        stage.tend()
        time.sleep(0.02)
    account.struck.append(blow)


def _compare_readings(stage: Stage, account: Account, round_: int) -> None:
    day = (FIRST_DAY_S + round_ * DAY_S, FIRST_DAY_S + (round_ + 1) * DAY_S - 1)
    expected = sorted(
        f"{device} {metric} {_moment(body['ts'])} {value:g} 0" for wave in load.waves(SEED, round_)
        for device, body in wave for metric, value in body.items() if metric != "ts"
    )  # fmt: skip
    found = outcome.lines(stage.admin_url, outcome.OBSERVATIONS, *day)
    if found != expected:
        account.faults.append(f"round {round_}: readings differ: {difference(found, expected)}")
    account.exceedances[round_] = outcome.lines(stage.admin_url, outcome.EXCEEDANCES, *day)


def _settle(stage: Stage) -> None:
    """Wait until alerts, events and latest values have caught up."""
    stage.await_true(lambda: outcome.count(stage.admin_url, outcome.UNTAKEN) == 0, "through with the alerts")
    stage.await_true(lambda: outcome.count(stage.admin_url, outcome.DUE) == 0, "through with the events")
    stage.await_true(lambda: outcome.count(stage.admin_url, outcome.UNSENT) == 0, "through with the text messages")
    stage.await_true(stage.is_ready, "ready at the end")
    time.sleep(1.5)


def _moment(epoch_s: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(epoch_s)) + ".000000"


def difference(found: Sequence[str], expected: Sequence[str]) -> dict[str, Any]:
    """Return a little of what is missing and of what is too much, with the counts."""
    left = list(expected)
    extra = []
    for line in found:
        if line in left:
            left.remove(line)
        else:
            extra.append(line)
    return {"missing": len(left), "extra": len(extra), "for instance": left[:3] + extra[:3]}
