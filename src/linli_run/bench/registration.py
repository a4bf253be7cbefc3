"""The fleet adopted through the actions of sensing (测台登记), as an operator would, in a small synthetic city."""

import os
from collections.abc import Mapping

import shapely

from linli_run.bench import fleet as sender
from linli_run.bench.fleet import Fleet

PEOPLE = 1000


def register(env: Mapping[str, str], fleet: Fleet) -> None:
    """Adopt the devices that are not there yet and put their rule under the bench's marks (登记)."""
    os.environ.update(env)
    import django  # after the address is set, for settings read it once

    django.setup()
    from django.db import connections

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
    connections.close_all()
