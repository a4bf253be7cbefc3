"""The senders (设备群) and every message they will send: a function of their number and a seed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from linli_edge import mqtt

CONNECTIONS: Final = 4
START_US: Final = 1_735_689_600_000_000  # 2025-01-01, so that no clock takes it for the future
STEP_US: Final = 100
PACKET_IDS: Final = 65_535
KIT: Final = "manhole"
METRICS: Final = 3
RULE: Final = "manhole_methane"
# Without holds each message beyond a mark changes the level, and can be told by its time.
DEFINITION: Final = {
    "kind": "threshold", "direction": "above",
    "levels": [{"level": "yellow", "enter": 10, "leave": 8}, {"level": "orange", "enter": 20, "leave": 15},
               {"level": "red", "enter": 50, "leave": 40}],
}  # fmt: skip
CALM, HIGH = 1.5, 30.0


@dataclass(frozen=True, slots=True)
class Frames:
    """Encoded packets of one connection, one after the other.

    Attributes:
        ends: shape (messages,), where each packet ends in `data`.
    """

    data: bytes
    ends: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fleet:
    """Devices that speak in turn, each with its own count of messages (设备群).

    Args:
        devices: a multiple of the connections and of `crosser_every`.
        crosser_every: one device in so many changes its level with every message.
        seed: of the readings that cross nothing.
    """

    devices: int
    crosser_every: int
    seed: int

    def code(self, device: int) -> str:
        """Name of a device."""
        return f"bench-{device:06d}"

    def at_us(self, device: int, n: int) -> int:
        """Time of a device's n-th message, microseconds since 1970; no two messages share one."""
        return START_US + ((n - 1) * self.devices + device) * STEP_US

    def crosses(self, device: int) -> bool:
        """Whether this device is one whose every message changes its level."""
        return device % self.crosser_every == 0

    def crossers(self) -> int:
        """How many devices change their level."""
        return sum(map(self.crosses, range(self.devices)))

    def text(self, device: int, n: int, tilt: int, water: int) -> bytes:
        """One message: three metrics, its time, its number."""
        seconds, rest_us = divmod(self.at_us(device, n), 1_000_000)
        methane = HIGH if n % 2 and self.crosses(device) else CALM
        return (
            f'{{"ts":{seconds}.{rest_us:06d},"n":{n},"tilt_deg":{tilt / 100},"water_cm":{water / 10},'
            f'"ch4_lel":{methane}}}'
        ).encode()

    def frames(self, first_n: int, rounds: int) -> list[Frames]:
        """Return, connection by connection, `rounds` messages of each device from number `first_n` on (编码)."""
        noise = np.random.default_rng([self.seed, first_n]).integers(0, 500, (rounds, self.devices, 2)).tolist()
        packets: list[list[bytes]] = [[] for _ in range(CONNECTIONS)]
        topics = [f"d/{self.code(device)}/t" for device in range(self.devices)]
        for n, of_round in enumerate(noise, first_n):
            for device, (tilt, water) in enumerate(of_round):
                line = packets[device % CONNECTIONS]
                packet_id = len(line) % PACKET_IDS + 1
                line.append(mqtt.publish(topics[device], self.text(device, n, tilt, water), packet_id))
        return [Frames(b"".join(line), np.cumsum([len(packet) for packet in line])) for line in packets]

    def places(self, connection: int, first_n: int, rounds: int) -> NDArray[np.int64]:
        """Return device and number of each message of a connection, shape (messages, 2), in sending order."""
        devices = np.arange(connection, self.devices, CONNECTIONS)
        return np.stack(
            [np.tile(devices, rounds), np.repeat(np.arange(first_n, first_n + rounds), len(devices))], axis=1
        )
