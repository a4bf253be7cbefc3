"""The whole synthetic community (合成城市), built from a number of people and a seed."""

from collections.abc import Sequence
from typing import Final

from linli_city import blocks, components, people, plan, streets, units
from linli_city.chance import chance
from linli_city.values import City, Component, Thing

FEWEST: Final = 100
_PEOPLE_PER_SENSOR: Final = 50
_MANHOLES: Final = ("0102", "0103")


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
        things=_sensors(installed, max(3, inhabitants // _PEOPLE_PER_SENSOR), seed),
    )


def _sensors(installed: Sequence[Component], count: int, seed: int) -> tuple[Thing, ...]:
    """Return sensors under `count` covers whose maintaining unit is known (井盖传感器)."""
    covers = [c for c in installed if c.class_code in _MANHOLES and c.maintaining]
    dice = chance(seed, "sensors")
    chosen = sorted(covers, key=lambda cover: (dice.random(), cover.code))[:count]
    return tuple(Thing(f"mc-{number:04d}", f"井盖传感器 {number:04d}", "manhole", cover.code, cover.at)
                 for number, cover in enumerate(sorted(chosen, key=lambda cover: cover.code), start=1))
