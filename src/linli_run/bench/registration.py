"""The fleet adopted through the actions of sensing (测台登记), as an operator would."""

import os
from collections.abc import Mapping

from linli_run.bench import fleet as sender
from linli_run.bench.fleet import Fleet


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

    system = Actor.system("bench")
    new = [
        sensing.NewThing(code=fleet.code(device), name=f"Bench {device}", kit=sender.KIT, where=Point(120.0, 30.0))
        for device in range(fleet.devices)
    ]
    with audit.acting(system):
        if queries.thing_card(new[0].code) is None:
            sensing.load_kits(actor=system)
            sensing.change_rule(sender.RULE, sender.DEFINITION, actor=system)
            sensing.adopt_many(new, actor=system)
    connections.close_all()
