from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from linli.areas import queries as areas
from linli.assets import queries as assets
from linli.assets.domain.component import ComponentCard
from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, Invalid, NotFound
from linli.kernel.geo import Point
from linli.sensing import policy
from linli.sensing.domain import kit
from linli.sensing.models import Datastream, KitMetric, ReplayRequest, Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class NewThing:
    """A device to be adopted (待纳管设备): on a component, or at a place of its own.

    `gateway` names the gateway it speaks through; `base_lines` what its metrics measure when all is well.
    """

    code: str
    name: str
    kit: str
    component: str = ""
    where: Point | None = None
    gateway: str = ""
    base_lines: Mapping[str, float] = field(default_factory=dict)


def adopt(
    code: str, *, name: str, kit: str, actor: Actor, component: str = "", where: Point | None = None, gateway: str = ""
) -> int:  # fmt: skip
    """Take a device into service and return its id (设备纳管); its next message is stored.

    What it sent before waits in quarantine: `replay_quarantined`.

    Args:
        component: code of the component it is mounted on; gives the place unless `where` does.
        gateway: what it speaks through; devices that fail together there have one cause.
    """
    new = NewThing(code=code, name=name, kit=kit, component=component, where=where, gateway=gateway)
    return adopt_many([new], actor=actor)[0]


@transaction.atomic
def adopt_many(new: Sequence[NewThing], *, actor: Actor) -> list[int]:
    """Take many devices into service and return their ids, in order (批量纳管): all or none."""
    _check(new)
    components = assets.by_codes({one.component for one in new if one.component})
    places = [_place(one, components.get(one.component)) for one in new]
    grids = [grid or areas.place_of(point).area_code
             for grid, point in zip(areas.locate(places), places, strict=True)]  # fmt: skip
    policy.require_operator(actor, grids)
    metrics = _metrics_of({one.kit for one in new})
    now = clock.now()
    things = Thing.objects.bulk_create(
        Thing(code=one.code, name=one.name, kit=one.kit, lon=point.lon, lat=point.lat, area_code=area, adopted_at=now,
              gateway=one.gateway,
              component_id=components[one.component].id if one.component else None)
        for one, point, area in zip(new, places, grids, strict=True)
    )  # fmt: skip
    Datastream.objects.bulk_create(
        Datastream(thing=thing, metric=row.metric, unit_of_measurement=row.unit_of_measurement, rule_id=row.rule_id,
                   base_line=one.base_lines.get(row.metric))
        for one, thing in zip(new, things, strict=True)
        for row in metrics[thing.kit]
    )
    for thing in things:
        audit.record("sensing.adopt", actor=actor, target=f"thing:{thing.code}", kit=thing.kit)
    return [thing.pk for thing in things]


@transaction.atomic
def replay_quarantined(code: str, *, actor: Actor) -> int:
    """Ask ingest to read a device's quarantined messages once more and return the request's id (隔离重放)."""
    thing = Thing.objects.filter(code=code, adopted_at__isnull=False).first()
    if thing is None:
        raise NotFound("sensing.no_such_thing", "There is no such device.")
    policy.require_operator(actor, [thing.area_code])
    audit.record("sensing.replay_quarantined", actor=actor, target=f"thing:{code}")
    return ReplayRequest.objects.create(device=code, asked_by=actor.ref, asked_at=clock.now()).pk


def _check(new: Sequence[NewThing]) -> None:
    for one in new:
        kit.check_code(one.code)
        kit.check_gateway(one.gateway)
    codes = Counter(one.code for one in new)
    taken = {code for code, times in codes.items() if times > 1}
    taken |= set(Thing.objects.filter(code__in=codes).values_list("code", flat=True))
    if taken:
        raise Conflict("sensing.already_adopted", "The device {code} is in service already.", code=min(taken))


def _place(one: NewThing, component: ComponentCard | None) -> Point:
    if one.component and component is None:
        raise Invalid("sensing.no_such_component", "There is no component {component}.", field="component",
                      component=one.component)  # fmt: skip
    if one.where is not None:
        return one.where
    if component is None:
        raise Invalid("sensing.no_place", "Say where the device {code} is: a component or a place.", field="where",
                      code=one.code)  # fmt: skip
    return component.point


def _metrics_of(kits: set[str]) -> dict[str, list[KitMetric]]:
    found: dict[str, list[KitMetric]] = {name: [] for name in kits}
    for row in KitMetric.objects.filter(kit__in=kits).order_by("kit", "id"):
        found[row.kit].append(row)
    if missing := sorted(name for name, rows in found.items() if not rows):
        raise Invalid("sensing.no_such_kit", "There is no kit {kit}.", field="kit", kit=missing[0])
    return found
