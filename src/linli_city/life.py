"""What happens to a manhole over time (井盖的一生): the truth, day by day, from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linli_city.chance import chance

DAY_S: Final = 86_400


class What(StrEnum):
    """What can happen where a device watches, or to the device itself."""

    OPEN = "open"  # 井盖打开或丢失
    TILT = "tilt"  # 井盖倾斜
    SHAKE = "shake"  # 车辆碾压, under 2 s: no cause for anybody
    WATER = "water"  # 井下水位上涨
    SURGE = "surge"  # 管道、河道或水箱水位上涨
    PONDING = "ponding"  # 路面积水
    LEAK = "leak"  # 剩余电流增大
    HEAT = "heat"  # 线缆或机房过热
    ARC = "arc"  # 故障电弧
    PARKED = "parked"  # 车辆占用消防通道
    STUCK = "stuck"  # 传感器读数卡死
    DRIFT = "drift"  # 零点漂移
    LOSS = "loss"  # 通信中断
    NOISE = "noise"  # 读数抖动
    SPIKES = "spikes"  # 偶发跳变, to values that cannot be true
    MUTE = "mute"  # 单个测点缺测
    BATTERY = "battery"  # 电量低
    CLOCK = "clock"  # 时钟偏差: `size` seconds behind


FAULTS: Final = frozenset({What.STUCK, What.DRIFT, What.LOSS, What.NOISE, What.SPIKES, What.MUTE, What.BATTERY,
                           What.CLOCK})


@dataclass(frozen=True, slots=True)
class Episode:
    """One thing that really happened, from `start` to before `end` (epoch seconds); `size` in the metric's unit."""

    device: str
    what: What
    start: float
    end: float
    size: float = 0.0

    def holds(self, ts: float) -> bool:
        """Return whether it was going on at this moment."""
        return self.start <= ts < self.end


@dataclass(frozen=True, slots=True)
class Habits:
    """How often things happen, times per device and day (发生频率), and how often a device speaks."""

    opens: float = 0.01
    tilts: float = 0.01
    shakes: float = 20.0
    rains: float = 0.25  # for the whole street
    stuck: float = 0.002
    drifts: float = 0.002
    losses: float = 0.01
    heartbeat_s: float = 300.0


def day_of(device: str, day: int, seed: int, habits: Habits) -> list[Episode]:
    """Return what happens to one device on one day (一日), in order; nothing outlasts the day.

    Args: day: days since the epoch, UTC.
    """
    dice = chance(seed, "life", device, day)
    midnight = day * DAY_S
    happened = []
    for what, per_day, shortest_s, longest_s, least, most in (
        (What.OPEN, habits.opens, 600, 7200, 40, 85), (What.TILT, habits.tilts, 600, 14_400, 12, 30),
        (What.SHAKE, habits.shakes, 0.8, 1.9, 16, 40), (What.STUCK, habits.stuck, 7200, 40_000, 0, 0),
        (What.DRIFT, habits.drifts, 20_000, 60_000, 4, 9), (What.LOSS, habits.losses, 1800, 21_600, 0, 0),
    ):
        for _ in range(_times(per_day, dice.random())):
            lasts = shortest_s + (longest_s - shortest_s) * dice.random()
            start = midnight + (DAY_S - lasts) * dice.random()
            happened.append(Episode(device, what, start, start + lasts, least + (most - least) * dice.random()))
    happened += _water(device, day, seed, habits)
    return sorted(happened, key=lambda episode: (episode.start, episode.what))


def rain_on(day: int, seed: int, habits: Habits) -> tuple[float, float, float] | None:
    """Return when it rains on the street that day, start and end, and how hard (0 to 1); None if it is dry."""
    dice = chance(seed, "rain", day)
    if dice.random() >= habits.rains:
        return None
    lasts = 1800 + 12_600 * dice.random()
    start = day * DAY_S + (DAY_S - 2 * lasts) * dice.random()
    return start, start + lasts, dice.random()


def truth(devices: list[str], first_day: int, days: int, seed: int, habits: Habits) -> Iterator[Episode]:
    """Return everything that happens to these devices over so many days (真值)."""
    for day in range(first_day, first_day + days):
        for device in devices:
            yield from day_of(device, day, seed, habits)


def _water(device: str, day: int, seed: int, habits: Habits) -> Iterator[Episode]:
    """Yield the high water that a rain leaves in a pipe: it stands as long again as it rained."""
    rain = rain_on(day, seed, habits)
    if rain:
        start, end, strength = rain
        depth = chance(seed, "pipe", device).random()
        yield Episode(device, What.WATER, start, end + (end - start), 20 + 130 * strength * depth)


def _times(per_day: float, draw: float) -> int:
    """Return how often something of this rate happens today: its whole part, and once more by chance."""
    whole = int(per_day)
    return whole + (draw < per_day - whole)
