"""How the devices of each kit but the manhole's live and read (各类设备): plain seeded values."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from linli_city.chance import chance
from linli_city.life import DAY_S, Episode, What

PIPE_M: Final = 0.6  # the diameter of every gauged pipe
GROUND_M: Final = 2.5  # how high the ground is above its invert
LOOPS: Final = (1, 2, 3, 4)

Going = Mapping[What, Episode]


@dataclass(frozen=True, slots=True)
class Habit:
    """How often something happens to one device in a day, how long it lasts and how strong it is (发生规律)."""

    what: What
    per_day: float
    shortest_s: float
    longest_s: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Kind:
    """How devices of a kit speak and what they read (设备类别).

    Attributes:
        main: the metric that drifts, trembles, jumps, or goes missing.
        heartbeat_s, rhythm_s: how often it speaks, calm and while something goes on.
        read: what the sensors read while `Going`, from the device's own dice and the moment's noise.
    """

    kit: str
    main: str
    heartbeat_s: float
    rhythm_s: float
    habits: tuple[Habit, ...]
    read: Callable[[str, float, Going, Random], dict[str, float]]


def base_lines(kit: str, device: str) -> dict[str, float]:
    """Return what a device measures when all is well (基线), as its installer would write it down."""
    if kit == "sewer_level":
        return {"level_m": GROUND_M}
    if kit == "electrical_fire":
        return {f"residual_{loop}_ma": _leakage(device, loop) for loop in LOOPS}
    return {}


def _faults(per_day: float, *, battery: bool = True) -> tuple[Habit, ...]:
    habits = (
        Habit(What.LOSS, per_day, 2400, 9000, 0, 0), Habit(What.STUCK, per_day / 2, 30_000, 80_000, 0, 0),
        Habit(What.DRIFT, per_day / 2, 20_000, 60_000, 0.02, 0.05), Habit(What.NOISE, per_day, 3600, 9000, 0.01, 0.03),
        Habit(What.SPIKES, per_day, 1800, 7200, 99_999, 99_999), Habit(What.MUTE, per_day, 3600, 9000, 0, 0),
        Habit(What.CLOCK, per_day / 2, 3600, 9000, 900, 7200),
    )
    return (*habits, Habit(What.BATTERY, per_day / 4, 40_000, 80_000, 5, 18)) if battery else habits


def _sewer(device: str, ts: float, going: Going, noise: Random) -> dict[str, float]:
    level = PIPE_M * (0.25 + 0.05 * math.sin(ts / DAY_S * 4 * math.pi)) + 0.004 * noise.random()
    if What.SURGE in going:
        level = max(level, going[What.SURGE].size * _swell(going[What.SURGE], ts))
    ponding = going[What.PONDING].size * _swell(going[What.PONDING], ts) if What.PONDING in going else 0.0
    return {"fill_pct": round(min(level / PIPE_M * 100, 200), 1), "level_m": round(level, 3),
            "ponding_cm": round(ponding, 1), "battery_pct": _battery(device, going), "rssi_dbm": _rssi(device, noise)}


def _electrical(device: str, ts: float, going: Going, noise: Random) -> dict[str, float]:
    heat = going[What.HEAT].size * _swell(going[What.HEAT], ts) if What.HEAT in going else 0.0
    leak = going[What.LEAK].size if What.LEAK in going else 0.0
    read = {f"residual_{loop}_ma": round(_leakage(device, loop) + 3 * noise.random() + leak * (loop == 1), 1)
            for loop in LOOPS}
    read |= {f"cable_{loop}_c": round(max(24 + 5 * math.sin(ts / DAY_S * 2 * math.pi) + noise.random(),
                                          heat * (loop == 1)), 1) for loop in LOOPS}
    return read | {"arc_per_s": going[What.ARC].size // 1 if What.ARC in going else 0.0,
                   "load_a": round(20 + 10 * math.sin(ts / DAY_S * 2 * math.pi) + noise.random(), 2), "mains_on": 1.0}


def _lane(device: str, ts: float, going: Going, noise: Random) -> dict[str, float]:
    is_parked = What.PARKED in going
    steel = 18.0 if is_parked else 0.0
    low = _battery(device, going) < 20
    return {"occupied": float(is_parked), "field_ut": round(45 + steel + 0.5 * noise.random(), 2),
            "alarm_bits": float(low), "car_count": _cars(device, ts), "battery_pct": _battery(device, going),
            "rssi_dbm": _rssi(device, noise)}


def _room(device: str, ts: float, going: Going, noise: Random) -> dict[str, float]:
    heat = going[What.HEAT].size * _swell(going[What.HEAT], ts) if What.HEAT in going else 0.0
    return {"temperature_f": round(68 + 3 * math.sin(ts / DAY_S * 2 * math.pi) + noise.random() + heat, 3)}


def _river(device: str, ts: float, going: Going, noise: Random) -> dict[str, float]:
    rise = going[What.SURGE].size * _swell(going[What.SURGE], ts) if What.SURGE in going else 0.0
    return {"stage_cm": round(60 + 5 * math.sin(ts / DAY_S * 2 * math.pi) + noise.random() + rise, 2),
            "battery_pct": _battery(device, going), "rssi_dbm": _rssi(device, noise)}


def _tank(device: str, ts: float, going: Going, noise: Random) -> dict[str, float]:
    rise = going[What.SURGE].size * _swell(going[What.SURGE], ts) if What.SURGE in going else 0.0
    return {"level_m": round(3.2 + 1.2 * math.sin(ts / DAY_S * 4 * math.pi) + 0.05 * noise.random() + rise, 3)}


def _swell(episode: Episode, ts: float) -> float:
    """Return how far something has come, 0 to 1: quickly up, long at its height, slowly down."""
    part = (ts - episode.start) / (episode.end - episode.start)
    return min(1.0, part / 0.15, max(0.0, 1 - part) / 0.25)


def _leakage(device: str, loop: int) -> float:
    return round(20 + 60 * chance(0, "leakage", device, loop).random(), 1)


def _cars(device: str, ts: float) -> float:
    """Return how many cars a sensor has counted: one in ten minutes, in two bytes."""
    return (ts // 600 + chance(0, "cars", device).randrange(65_536)) % 65_536


def _battery(device: str, going: Going) -> float:
    low = going.get(What.BATTERY)
    return round(low.size if low else 60 + 40 * chance(0, "power", device).random(), 1)


def _rssi(device: str, noise: Random) -> float:
    return round(-70 - 25 * chance(0, "radio", device).random() - 4 * noise.random())


KINDS: Final = {kind.kit: kind for kind in (
    Kind("sewer_level", "level_m", 300.0, 60.0,
         (Habit(What.SURGE, 0.1, 5400, 14_400, 0.45, 2.4), Habit(What.PONDING, 0.1, 2400, 7200, 3, 45), *_faults(0.02)),
         _sewer),
    Kind("electrical_fire", "load_a", 60.0, 10.0,
         (Habit(What.LEAK, 0.1, 600, 3600, 150, 600), Habit(What.HEAT, 0.1, 1800, 7200, 60, 100),
          Habit(What.ARC, 0.05, 60, 300, 15, 40), *_faults(0.02, battery=False)), _electrical),
    Kind("fire_lane", "field_ut", 600.0, 60.0,
         (Habit(What.PARKED, 3.0, 60, 2400, 0, 0), *_faults(0.02)), _lane),
    Kind("machine_room", "temperature_f", 3600.0, 600.0,
         (Habit(What.HEAT, 0.05, 14_400, 40_000, 10, 25), *_faults(0.02, battery=False)), _room),
    Kind("river_stage", "stage_cm", 900.0, 300.0,
         (Habit(What.SURGE, 0.05, 14_400, 60_000, 30, 60), *_faults(0.02)), _river),
    Kind("water_tank", "level_m", 3600.0, 600.0,
         (Habit(What.SURGE, 0.05, 7200, 40_000, 1.0, 2.5), *_faults(0.02, battery=False)), _tank),
)}
