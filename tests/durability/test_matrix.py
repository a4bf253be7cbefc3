"""The kill matrix (击杀矩阵): whoever is killed wherever, what came of the load is what comes of it undisturbed."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.durability import strikes
from tests.durability.matrix import ROUNDS_AT_MOST, Account, Blow, difference, few_blows, many_blows, play
from tests.durability.stage import Stage
from tests.make.run import living_in, short_folder

pytestmark = pytest.mark.durability
ROUNDS = int(os.environ.get("LINLI_ROUNDS", "0"))
RESULT = os.environ.get("LINLI_RESULT", "")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with short_folder() as folder:
        made = Stage(folder / "home")
        try:
            made.prepare()
            yield made
        finally:
            made.close()
            assert living_in(folder) == []


def test_whoever_is_killed_wherever_nothing_is_lost_and_nothing_doubled(stage):
    began, blows = time.monotonic(), many_blows(ROUNDS) if ROUNDS else few_blows(len(strikes.POINTS))
    stretches = [blows[at : at + ROUNDS_AT_MOST] for at in range(0, len(blows), ROUNDS_AT_MOST)]
    calm = play(stage, max(map(len, stretches)))
    assert calm.faults == []
    assert sum(map(len, calm.exceedances.values())) > 20 * len(calm.exceedances), "the load crosses no marks"
    assert len(calm.whole["cases"]) > len(calm.exceedances)
    accounts: list[Account] = []
    for stretch in stretches:
        accounts.append(play(stage, len(stretch), stretch))
        compare(accounts[-1], calm)
        told = {"of": len(blows)} | report(accounts, time.monotonic() - began)
        if RESULT:
            Path(RESULT).write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    print("\n" + table(accounts))
    assert told["faults"] == [], stage.last_words()
    assert len(told["missed"]) * 10 <= told["rounds"], told["missed"]


def compare(account: Account, calm: Account) -> None:
    """Note where a stretch came to something else than the undisturbed one of the same length."""
    for round_, found in account.exceedances.items():
        if found != calm.exceedances[round_]:
            account.faults.append(f"round {round_}: exceedances: {difference(found, calm.exceedances[round_])}")
    if len(account.exceedances) < len(calm.exceedances):
        return
    for name, found in account.whole.items():
        if found != calm.whole[name]:
            account.faults.append(f"{name}: {difference(found, calm.whole[name])}")


def report(accounts: list[Account], took_s: float) -> dict[str, Any]:
    """Return the result as plain values."""
    struck = Counter(blow for account in accounts for blow in account.struck)
    return {
        "rounds": sum(len(account.took_s) for account in accounts),
        "struck": {f"{blow.point}/{blow.victim}": count for blow, count in sorted(struck.items(), key=str)},
        "missed": [f"{blow.point}/{blow.victim}" for account in accounts for blow in account.missed],
        "messages": sum(account.sent for account in accounts),
        "exceedances": sum(len(found) for account in accounts for found in account.exceedances.values()),
        "alerts": sum(len(account.whole["alerts"]) for account in accounts),
        "cases": sum(len(account.whole["cases"]) for account in accounts),
        "notices": sum(len(account.whole["notices"]) for account in accounts),
        "faults": [fault for account in accounts for fault in account.faults],
        "seconds": round(took_s),
    }


def table(accounts: list[Account]) -> str:
    """Return how often each part was killed at each point."""
    struck = Counter(blow for account in accounts for blow in account.struck)
    lines = [f"{'point':<18}" + "".join(f"{victim:>10}" for victim in strikes.VICTIMS)]
    lines += [f"{point:<18}" + "".join(f"{struck[Blow(point, victim)]:>10}" for victim in strikes.VICTIMS)
              for point in strikes.POINTS]  # fmt: skip
    return "\n".join(lines)
