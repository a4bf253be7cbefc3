"""How messages travel (报文传输): numbered, some twice, some late, some by a device that lost its counter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from linli_city.chance import chance
from linli_city.simulate import Message


@dataclass(frozen=True, slots=True)
class Troubles:
    """What can go wrong on the way (传输故障): shares of messages, and when a device's counter begins anew."""

    twice: float = 0.0
    late: float = 0.0
    late_s: float = 120.0
    restarts: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One arrival at the server (到达): `at` epoch seconds, `body` as the device wrote it."""

    at: float
    device: str
    body: dict[str, Any]


def delivered(messages: Iterable[Message], seed: int, troubles: Troubles) -> list[Delivery]:
    """Return what arrives, in the order of arrival; nothing is lost here: silence is a device's own (送达).

    Every device numbers its messages from 1; after a restart it begins again, as a new session.
    """
    arrivals: list[Delivery] = []
    counters: dict[tuple[str, str], int] = {}
    for message in messages:
        restart = (troubles.restarts or {}).get(message.device)
        session = "restarted" if restart is not None and message.ts >= restart else ""
        n = counters[message.device, session] = counters.get((message.device, session), 0) + 1
        body = {"ts": message.told_ts, "n": n, **({"b": session} if session else {}), **message.values}
        dice = chance(seed, "way", message.device, round(message.ts * 1000))
        delay = troubles.late_s * dice.random() if dice.random() < troubles.late else 0.0
        arrivals.append(Delivery(message.ts + delay, message.device, body))
        if dice.random() < troubles.twice:
            arrivals.append(Delivery(message.ts + delay + troubles.late_s * dice.random(), message.device, body))
    return sorted(arrivals, key=lambda arrival: (arrival.at, arrival.device))
