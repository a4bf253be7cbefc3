"""Devices of one kit and what they say (一类设备): they tell what happens as sensors do, faults included."""

import math
from bisect import insort
from collections.abc import Iterable, Iterator
from typing import Final

from linli_city.chance import chance
from linli_city.kinds import KINDS, Habit
from linli_city.life import DAY_S, FAULTS, Episode, What
from linli_city.simulate import Message

CONFIRMS_AFTER_S: Final = 60.0
SPIKE_SHARE: Final = 0.1


class Fleet:
    """The devices of a kit, their lives and what they say.

    Args:
        devices: codes of the devices.
        quiet: nothing happens but what is ordered.
    """

    def __init__(self, kit: str, devices: Iterable[str], seed: int, *, quiet: bool = False) -> None:
        self.kind, self.devices, self.seed = KINDS[kit], sorted(devices), seed
        self._habits: tuple[Habit, ...] = () if quiet else self.kind.habits
        self._ordered: dict[str, list[Episode]] = {device: [] for device in self.devices}

    def order(self, device: str, what: What, start: float, lasts_s: float, size: float = 0.0) -> Episode:
        """Have something happen (指令): it happens in truth, and the device tells of it as it can.

        Raises: KeyError if there is no such device.
        """
        episode = Episode(device, what, start, start + lasts_s, size)
        insort(self._ordered[device], episode, key=lambda known: known.start)
        return episode

    def episodes(self, device: str, since: float, until: float) -> list[Episode]:
        """Return what really happens to a device at some time in [since, until) (真值), in order."""
        days = range(int(since // DAY_S), int(until // DAY_S) + 1)
        happened = [*self._ordered[device], *(e for day in days for e in self.day_of(device, day))]
        return sorted((e for e in happened if e.start < until and e.end > since), key=lambda e: (e.start, e.what))

    def day_of(self, device: str, day: int) -> list[Episode]:
        """Return what happens by itself to a device on one day, UTC; nothing outlasts the day."""
        dice, happened = chance(self.seed, "life", self.kind.kit, device, day), []
        for habit in self._habits:
            for _ in range(int(habit.per_day + dice.random())):
                lasts = habit.shortest_s + (habit.longest_s - habit.shortest_s) * dice.random()
                start = day * DAY_S + (DAY_S - lasts) * dice.random()
                size = habit.least + (habit.most - habit.least) * dice.random()
                happened.append(Episode(device, habit.what, start, start + lasts, size))
        return happened

    def messages(self, since: float, until: float) -> list[Message]:
        """Return what all devices say in [since, until) (报文), in order of time."""
        said = (message for device in self.devices for message in self._said(device, since, until))
        return sorted(said, key=lambda message: (message.ts, message.device))

    def roll_call(self, ts: float) -> list[Message]:
        """Return what every device that can be heard says at one moment (点名)."""
        return [message for device in self.devices
                for message in self._spoken(device, ts, self.episodes(device, ts - 1.0, ts + 1.0))]

    def _said(self, device: str, since: float, until: float) -> Iterator[Message]:
        happening = self.episodes(device, since - CONFIRMS_AFTER_S, until)
        for ts in sorted({*self._heartbeats(device, since, until), *self._occasions(happening, since, until)}):
            yield from self._spoken(device, ts, happening)

    def _spoken(self, device: str, ts: float, happening: list[Episode]) -> Iterator[Message]:
        going = {episode.what: episode for episode in happening if episode.holds(ts)}
        if What.LOSS not in going:
            behind_s = going[What.CLOCK].size if What.CLOCK in going else 0.0
            yield Message(device, round(ts, 3), self._reading(device, ts, going, happening), behind_s)

    def _reading(
        self, device: str, ts: float, going: dict[What, Episode], happening: list[Episode]
    ) -> dict[str, float]:
        if What.STUCK in going:
            ts = going[What.STUCK].start
            going = {e.what: e for e in happening if e.holds(ts) and e.what is not What.STUCK}
        noise = chance(self.seed, "noise", device, round(ts * 1000))
        read, main = self.kind.read(device, ts, going, noise), self.kind.main
        if What.DRIFT in going:
            drift = going[What.DRIFT]
            read[main] = round(read[main] * (1 + drift.size * (ts - drift.start) / (drift.end - drift.start)), 3)
        if What.NOISE in going:
            read[main] = round(read[main] * (1 + going[What.NOISE].size * (noise.random() - 0.5)), 3)
        if What.SPIKES in going and noise.random() < SPIKE_SHARE:
            read[main] = going[What.SPIKES].size
        if What.MUTE in going:
            del read[main]
        return read

    def _heartbeats(self, device: str, since: float, until: float) -> Iterator[float]:
        every = self.kind.heartbeat_s
        phase = chance(self.seed, "phase", device).random() * every
        beat = math.ceil((since - phase) / every)
        while (ts := phase + beat * every) < until:
            yield ts
            beat += 1

    def _occasions(self, happening: list[Episode], since: float, until: float) -> Iterator[float]:
        """Yield when an episode makes a device speak: as it begins, while it goes on, as it ends, and to confirm."""
        for episode in happening:
            if episode.what in FAULTS:
                continue
            moments = [episode.start, episode.end, episode.end + CONFIRMS_AFTER_S]
            step = max(1, math.ceil((since - episode.start) / self.kind.rhythm_s))
            while (ts := episode.start + step * self.kind.rhythm_s) < min(episode.end, until):
                moments.append(ts)
                step += 1
            yield from (ts for ts in moments if since <= ts < until)
