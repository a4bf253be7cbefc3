"""The demo's sensors, played in real time over MQTT (模拟设备)."""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from linli.kernel import clock
from linli_city import city as cities
from linli_city.fleet import Fleet
from linli_city.kinds import KINDS
from linli_city.life import DAY_S, Episode, truth
from linli_city.simulate import Message, Street, write_truth
from linli_edge.sender import NotStored, Sender
from linli_run import demo_orders
from linli_run.home import Home

TICK_S: Final = 0.2
_CLIENT: Final = "linli-simulator"
_ROOM_WITHIN_S: Final = 0.05

Send = Callable[[str, Mapping[str, Any]], None]


def play(people: int, seed: int) -> None:
    """Play the sensors of the demo city until SIGTERM or SIGINT (模拟)."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    things = cities.build(people, seed).things
    street = Street((thing.code for thing in things if thing.kit == "manhole"), seed)
    fleets = [Fleet(kit, (thing.code for thing in things if thing.kit == kit), seed) for kit in KINDS]
    with Sender(os.environ["MQTT_URL"], _CLIENT) as sender:
        def send(device: str, body: Mapping[str, Any]) -> None:
            try:
                sender.send(device, body, timeout_s=_ROOM_WITHIN_S)
            except NotStored as full:
                print(f"dropped a message: {full}", flush=True)

        Simulator(street, send, Home(), fleets).run(stop)


class Simulator:
    """A street that lives in real time and takes orders (实时模拟器).

    What really happens is written below the home, one file a day, for people who want to judge
    the alerts afterwards; nothing of Linli reads it.
    """

    def __init__(self, street: Street, send: Send, home: Home, fleets: Sequence[Fleet] = ()) -> None:
        self.street, self.fleets = street, fleets
        self.home = home
        self._send = send
        self._truth_of: set[int] = set()

    def run(self, stop: threading.Event) -> None:
        """Call the roll, then tell what happens, moment by moment, until told to stop."""
        since = clock.now().timestamp()
        for devices in (self.street, *self.fleets):
            self._tell(devices.roll_call(since))
        while not stop.wait(TICK_S):
            since = self.step(since, clock.now().timestamp())

    def step(self, since: float, until: float) -> float:
        """Obey new orders, tell what devices say in [since, until), return `until`."""
        self._write_truth(int(until // DAY_S))
        for order in demo_orders.take(self.home):
            self._obey(order, since)
        for devices in (self.street, *self.fleets):
            self._tell(devices.messages(since, until))
        return until

    def _obey(self, order: demo_orders.Order, now: float) -> None:
        try:
            opened = self.street.open_cover(order.device, now, order.for_s)
        except KeyError:
            print(f"no such device: {order.device}", flush=True)
            return
        write_truth([opened], self._truth_file(int(now // DAY_S)))
        print(f"{order.device} is open for {order.for_s:.0f} s", flush=True)

    def _tell(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._send(message.device, {"ts": message.told_ts, **message.values})

    def _write_truth(self, day: int) -> None:
        """Write once what a day will bring, the day's own file being the mark that it was written."""
        path = self._truth_file(day)
        if day not in self._truth_of and not path.exists():
            brought: Iterable[Episode] = truth(self.street.devices, day, 1, self.street.seed, self.street.habits)
            others = (episode for fleet in self.fleets for device in fleet.devices
                      for episode in fleet.day_of(device, day))
            write_truth([*brought, *others], path)
        self._truth_of.add(day)

    def _truth_file(self, day: int) -> Path:
        name = datetime.fromtimestamp(day * DAY_S, UTC).date().isoformat()
        return self.home.folder / "simulator" / "truth" / f"{name}.jsonl"
