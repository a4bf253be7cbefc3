"""What the manhole kit says over time (井盖套件模拟): an iterator of messages, as devices would send them.

The truth stands in `life`; a device tells of it only what its sensors notice, faults included.
"""

import json
import math
from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from linli_city.chance import chance
from linli_city.life import DAY_S, Episode, Habits, What, day_of

_URGENT: Final = frozenset({What.OPEN, What.TILT})
_RHYTHM_S: Final = 10.0  # between two messages of a cover that lies wrong
_URGENT_FOR_S: Final = 120.0  # afterwards once a minute
_CALM_RHYTHM_S: Final = 60.0
_BATTERY_DAYS: Final = 1100

USUAL: Final = Habits()


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a device (报文): `ts` epoch seconds, `values` by metric, `behind_s` how slow its clock is."""

    device: str
    ts: float
    values: dict[str, float]
    behind_s: float = 0.0

    @property
    def told_ts(self) -> float:
        """Return the time that the device believes it is."""
        return self.ts - self.behind_s


class Street:
    """The sensors of a street, their lives and what they say (一街设备).

    Args:
        devices: codes of the devices.
        habits: how often things happen.
    """

    def __init__(self, devices: Iterable[str], seed: int, habits: Habits = USUAL) -> None:
        self.devices = sorted(devices)
        self.seed = seed
        self.habits = habits
        self._ordered: dict[str, list[Episode]] = {device: [] for device in self.devices}

    def open_cover(self, device: str, start: float, lasts_s: float) -> Episode:
        """Have a cover opened from `start` on (打开井盖): it happens in truth, and the device tells of it.

        Raises: KeyError if there is no such device.
        """
        episode = Episode(device, What.OPEN, start, start + lasts_s, 62.0)
        insort(self._ordered[device], episode, key=lambda known: known.start)
        return episode

    def episodes(self, device: str, since: float, until: float) -> list[Episode]:
        """Return what really happens to a device at some time in [since, until) (真值), in order."""
        days = range(int(since // DAY_S), int(until // DAY_S) + 1)
        happened = [*self._ordered[device], *(e for day in days for e in self._day(device, day))]
        return sorted((e for e in happened if e.start < until and e.end > since), key=lambda e: (e.start, e.what))

    def messages(self, since: float, until: float) -> list[Message]:
        """Return what all devices say in [since, until) (报文), in order of time."""
        said = (message for device in self.devices for message in self._said(device, since, until))
        return sorted(said, key=lambda message: (message.ts, message.device))

    def roll_call(self, ts: float) -> list[Message]:
        """Return what every device that can be heard says at one moment (点名)."""
        said = []
        for device in self.devices:
            now = [episode for episode in self.episodes(device, ts - 1.0, ts + 1.0) if episode.holds(ts)]
            if not any(episode.what is What.LOSS for episode in now):
                said.append(Message(device, round(ts, 3), reading(device, ts, now, self.seed)))
        return said

    def _said(self, device: str, since: float, until: float) -> Iterator[Message]:
        happening = self.episodes(device, since - 1.0, until)
        for ts in sorted({*self._heartbeats(device, since, until), *_occasions(happening, since, until)}):
            now = [episode for episode in happening if episode.holds(ts)]
            if not any(episode.what is What.LOSS for episode in now):
                yield Message(device, round(ts, 3), reading(device, ts, now, self.seed))

    def _heartbeats(self, device: str, since: float, until: float) -> Iterator[float]:
        every = self.habits.heartbeat_s
        phase = chance(self.seed, "phase", device).random() * every
        beat = math.ceil((since - phase) / every)
        while (ts := phase + beat * every) < until:
            yield ts
            beat += 1

    def _day(self, device: str, day: int) -> list[Episode]:
        return _day(device, day, self.seed, self.habits)


def reading(device: str, ts: float, now: list[Episode], seed: int) -> dict[str, float]:
    """Return what the sensors of a device read while `now` is going on (读数); a stuck one repeats itself."""
    stuck = next((episode for episode in now if episode.what is What.STUCK), None)
    if stuck:
        ts, now = stuck.start, [episode for episode in now if episode is not stuck and episode.holds(stuck.start)]
    born = chance(seed, "device", device)
    rest_deg, rest_cm, rssi, age = (born.random() for _ in range(4))
    noise = chance(seed, "noise", device, round(ts * 1000))
    sizes = {episode.what: episode for episode in now}
    tilt = max([0.3 + 1.5 * rest_deg, *(sizes[w].size for w in (What.OPEN, What.TILT, What.SHAKE) if w in sizes)])
    if What.DRIFT in sizes:
        drift = sizes[What.DRIFT]
        tilt += drift.size * (ts - drift.start) / (drift.end - drift.start)
    water = 12 * rest_cm + 2 * math.sin(ts / DAY_S * 4 * math.pi)
    if What.WATER in sizes:
        water += _flood(sizes[What.WATER], ts)
    return {
        "tilt_deg": round(tilt + 0.3 * (noise.random() - 0.5), 2),
        "open": float(What.OPEN in sizes),
        "water_cm": round(max(0.0, water + noise.random()), 1),
        "battery_pct": round(100 - (ts / DAY_S + age * _BATTERY_DAYS) % _BATTERY_DAYS / _BATTERY_DAYS * 85, 1),
        "rssi_dbm": round(-70 - 25 * rssi - 4 * noise.random(), 0),
    }


def write_truth(episodes: Iterable[Episode], path: Path) -> int:
    """Append what really happened to a file of JSON lines (真值文件); return how many lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(asdict(episode), ensure_ascii=False) + "\n" for episode in episodes]
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
    return len(lines)


def _occasions(happening: list[Episode], since: float, until: float) -> Iterator[float]:
    """Yield when an episode makes a device speak: as it begins, while a cover lies wrong, as it ends."""
    for episode in happening:
        if episode.what in _URGENT:
            moments: Iterable[float] = (episode.start, *_repeats(episode, since, until), episode.end)
        elif episode.what is What.SHAKE:
            moments = (episode.start, episode.end)
        elif episode.what is What.WATER:
            moments = _every(episode.start, episode.end, _CALM_RHYTHM_S, since, until)
        else:
            moments = ()
        yield from (ts for ts in moments if since <= ts < until)


def _repeats(episode: Episode, since: float, until: float) -> Iterator[float]:
    calm = min(episode.end, episode.start + _URGENT_FOR_S)
    yield from _every(episode.start, calm, _RHYTHM_S, since, until)
    yield from _every(calm, episode.end, _CALM_RHYTHM_S, since, until)


def _every(start: float, end: float, rhythm_s: float, since: float, until: float) -> Iterator[float]:
    step = max(1, math.ceil((since - start) / rhythm_s))
    while (ts := start + step * rhythm_s) < min(end, until):
        yield ts
        step += 1


def _flood(episode: Episode, ts: float) -> float:
    """Return how high the water stands above its usual level, centimetres: quickly up, slowly down."""
    part = (ts - episode.start) / (episode.end - episode.start)
    return episode.size * (part / 0.3 if part < 0.3 else (1 - part) / 0.7)


@lru_cache(maxsize=65_536)
def _day(device: str, day: int, seed: int, habits: Habits) -> list[Episode]:
    return day_of(device, day, seed, habits)
