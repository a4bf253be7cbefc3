"""The fleet adopted through the actions of sensing (测台登记), as an operator would, in a small synthetic city.

`python -m linli_run.bench.registration DEVICES CROSSER_EVERY SEED`, a process of its own: Django keeps one database.
"""

import sys

import shapely

from linli_run.bench import fleet as sender
from linli_run.bench.fleet import Fleet

PEOPLE = 1000


def register(fleet: Fleet) -> None:
    """Adopt the devices that are not there yet and put their rule under the bench's marks (登记)."""
    import django

    django.setup()
    from linli.audit import actions as audit
    from linli.kernel.actor import Actor
    from linli.kernel.geo import Point
    from linli.sensing import actions as sensing
    from linli.sensing import queries
    from linli_city import city as cities
    from linli_run.demo_city import load_city

    system = Actor.system("bench")
    city = cities.build(PEOPLE, fleet.seed)
    longest = max(len(area.code) for area in city.areas)
    grids = [shapely.Polygon(area.outline).representative_point() for area in city.areas if len(area.code) == longest]
    new = [
        sensing.NewThing(code=fleet.code(device), name=f"Bench {device}", kit=sender.KIT,
                         where=Point(grids[device % len(grids)].x, grids[device % len(grids)].y))
        for device in range(fleet.devices)
    ]  # fmt: skip
    with audit.acting(system):
        if queries.thing_card(new[0].code) is None:
            load_city(city)
            sensing.change_rule(sender.RULE, sender.DEFINITION, actor=system)
            sensing.adopt_many(new, actor=system)


if __name__ == "__main__":
    register(Fleet(*map(int, sys.argv[1:])))
