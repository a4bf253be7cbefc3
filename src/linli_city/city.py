"""The whole synthetic community (合成城市), built from a number of people and a seed."""

from collections.abc import Sequence
from typing import Final

from linli_city import blocks, components, kinds, people, plan, streets, units
from linli_city.chance import chance
from linli_city.values import City, Component, Thing

FEWEST: Final = 100
_PEOPLE_PER_SENSOR: Final = 50
_MANHOLES: Final = ("0102", "0103")
_PEOPLE_PER_FEW: Final = 600
_FEW: Final = {
    "sewer_level": ("sl", "管网液位计", _MANHOLES),
    "electrical_fire": ("ef", "电气火灾探测器", ("0116",)),
    "fire_lane": ("fl", "消防通道地磁", ("2190",)),
}


def build(inhabitants: int, seed: int) -> City:
    """Return the city: the same people and seed give the same city, to the byte (建城).

    Raises: ValueError for fewer than 100 people: they would not fill a community.
    """
    if inhabitants < FEWEST:
        raise ValueError(f"a city needs at least {FEWEST} people")
    laid_out = plan.lay_out(inhabitants, seed)
    built = blocks.build_lots(laid_out, seed)
    installed = components.install(laid_out, built.sites, seed)
    return City(
        people=inhabitants,
        seed=seed,
        areas=laid_out.areas,
        base_map=(*streets.draw(laid_out, seed), *built.shapes),
        houses=people.settle(built.sites, inhabitants, seed),
        units=units.found(laid_out),
        duties=units.duties(laid_out),
        components=installed,
        things=_things(installed, inhabitants, seed),
    )


def _things(installed: Sequence[Component], inhabitants: int, seed: int) -> tuple[Thing, ...]:
    """Return all devices (设备): manhole sensors, and a few of each other kit where they belong."""
    covers = _sensors(installed, max(3, inhabitants // _PEOPLE_PER_SENSOR), seed)
    taken = {thing.component for thing in covers}
    few = max(2, inhabitants // _PEOPLE_PER_FEW)
    return covers + tuple(thing for kit, (prefix, name, classes) in _FEW.items()
                          for thing in _few(kit, prefix, name, [c for c in installed if c.class_code in classes
                                                                and c.maintaining and c.code not in taken], few, seed))


def _few(kit: str, prefix: str, name: str, places: Sequence[Component], count: int, seed: int) -> tuple[Thing, ...]:
    """Return `count` devices of a kit, as far as there are places; those of a firm speak through its gateway."""
    dice = chance(seed, "devices", kit)
    chosen = sorted(sorted(places, key=lambda place: (dice.random(), place.code))[:count], key=lambda place: place.code)
    things = []
    for number, place in enumerate(chosen, start=1):
        code, keeper = f"{prefix}-{number:04d}", place.maintaining or ""
        gateway = f"gw-{keeper.removeprefix('property:')}" if keeper.startswith("property:") else ""
        things.append(Thing(code, f"{name} {number:04d}", kit, place.code, place.at,
                            tuple(kinds.base_lines(kit, code).items()), gateway))
    return tuple(things)


def _sensors(installed: Sequence[Component], count: int, seed: int) -> tuple[Thing, ...]:
    """Return sensors under `count` covers whose maintaining unit is known (井盖传感器)."""
    covers = [c for c in installed if c.class_code in _MANHOLES and c.maintaining]
    dice = chance(seed, "sensors")
    chosen = sorted(covers, key=lambda cover: (dice.random(), cover.code))[:count]
    return tuple(Thing(f"mc-{number:04d}", f"井盖传感器 {number:04d}", "manhole", cover.code, cover.at)
                 for number, cover in enumerate(sorted(chosen, key=lambda cover: cover.code), start=1))
