"""The load (负荷): a seeded day of each device, that crosses its rules' marks and ends calm."""

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from tests.make.areas import SIDE

from linli.kernel.geo import Point

DEVICES = 8
WAVES, A_WAVE, CALM = 6, 6, 12
T0 = 1_600_000_000
EVERY_S = 10
TILT, METHANE, BATTERY = (2.0, 9.0, 11.0, 13.5, 16.0, 30.0), (1.0, 9.0, 12.0, 22.0, 55.0), (60.0, 24.0, 19.0)


class Message(NamedTuple):
    """What one device says at one moment."""

    device: str
    body: dict[str, Any]


def codes() -> list[str]:
    return [f"mc-{number:02d}" for number in range(DEVICES)]


def place(number: int) -> Point:
    """Two devices a grid, about a hundred metres apart: no two alerts are one matter."""
    return Point(120 + (number // 2 + 0.25 + number % 2 * 0.5) * SIDE, 30 + (0.25 + number % 2 * 0.5) * SIDE)


def waves(seed: int, round_: int) -> Iterator[list[Message]]:
    """Yield a round's messages, wave by wave; a round is a day of its own, the same for the same seed."""
    series = {code: list(_series(f"{seed}/{round_}/{code}", T0 + round_ * 86_400)) for code in codes()}
    cuts = [*range(0, WAVES * A_WAVE, A_WAVE), WAVES * A_WAVE + CALM]
    for first, last in pairwise(cuts):
        yield [Message(code, body) for code in codes() for body in series[code][first:last]]


def _series(seed: str, began: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(seed)
    levels = [_plateaus(chance, marks) for marks in (TILT, METHANE, BATTERY)]
    for at in range(WAVES * A_WAVE + CALM):
        tilt, methane, battery = (
            (next(level) for level in levels) if at < WAVES * A_WAVE else (TILT[0], METHANE[0], BATTERY[0])
        )
        yield {"ts": began + at * EVERY_S, "tilt_deg": tilt, "ch4_lel": methane, "battery_pct": battery}


def _plateaus(chance: random.Random, marks: tuple[float, ...]) -> Iterator[float]:
    while True:
        value = chance.choice(marks)
        for _ in range(chance.randint(1, 8)):
            yield value + chance.randint(0, 9) / 100
