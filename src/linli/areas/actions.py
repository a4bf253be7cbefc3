from collections.abc import Sequence
from datetime import date
from itertools import groupby
from uuid import uuid4

import numpy as np
from django.db import connection, transaction

from linli.areas import policy
from linli.areas.domain.shapes import AreaKind, NewArea, NewFeature, boxes_of
from linli.areas.models import Area, BaseFeature, Registry
from linli.audit import actions as audit
from linli.kernel import codes
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid
from linli.kernel.geo import morton24

BATCH = 2000


@transaction.atomic
def load_areas(areas: Sequence[NewArea], *, actor: Actor) -> int:
    """Enter areas or redraw those of the same code, parents first, in sets (区划入库); return how many there were.

    Raises: NotPermitted; Invalid if a shape cannot be used or a parent is unknown.
    """
    policy.require_surveyor(actor, [area.code for area in areas])
    boxes = dict(zip((a.code for a in areas),
                     boxes_of([a.code for a in areas], [a.geometry for a in areas], polygons=True), strict=True))
    ids = dict(Area.objects.values_list("code", "id"))
    for _, rung in groupby(sorted(areas, key=lambda a: (len(a.code), a.code)), key=lambda a: len(a.code)):
        rows = [_area(area, ids, boxes[area.code]) for area in rung]
        for row in Area.objects.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["code"],
            update_fields=["name", "geometry", "min_lon", "min_lat", "max_lon", "max_lat", "valid_from", "valid_to"],
        ):
            ids[row.code] = row.pk
    _new_edition("areas")
    audit.record("areas.load", actor=actor, target="areas", areas=len(areas))
    return len(areas)


@transaction.atomic
def close_area(code: str, on: date, *, actor: Actor) -> None:
    """End an area on the day `on` (撤销区划); its code stays known, nothing is found in it any more."""
    policy.require_surveyor(actor, [code])
    Area.objects.in_force().filter(code=code).update(valid_to=on)
    _new_edition("areas")
    audit.record("areas.close", actor=actor, target=f"area:{code}", on=on)


@transaction.atomic
def replace_base_map(features: Sequence[NewFeature], *, actor: Actor) -> int:
    """Put these shapes in the place of the whole base map (更换底图); return how many there are.

    Raises: NotPermitted; Invalid if a shape cannot be used.
    """
    policy.require_surveyor(actor, [""])
    boxes = boxes_of([f"{f.kind} {f.name}".strip() for f in features], [f.geometry for f in features], polygons=False)
    BaseFeature.objects.all().delete()
    with connection.cursor() as cursor, cursor.copy(
        "COPY areas_basefeature (kind, name, rank, geometry, min_lon, min_lat, max_lon, max_lat, morton)"
        " FROM STDIN (FORMAT BINARY)"
    ) as copy:
        copy.set_types(["varchar", "varchar", "int2", "bytea", "float8", "float8", "float8", "float8", "int8"])
        for feature, box in zip(features, boxes.tolist(), strict=True):
            middle = morton24((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            copy.write_row((feature.kind, feature.name, feature.rank, feature.geometry, *box, middle))
    _new_edition("base")
    audit.record("areas.replace_base_map", actor=actor, target="areas", features=len(features))
    return len(features)


def _area(area: NewArea, ids: dict[str, int], box: np.ndarray) -> Area:
    parent = codes.parent_area(area.code)
    if parent is not None and parent not in ids:
        raise Invalid("areas.unknown_parent", "{code} lies in {parent}, which is not known: enter that first.",
                      code=area.code, parent=parent)
    return Area(code=area.code, kind=AreaKind.of(area.code).value, name=area.name,
                parent_id=ids[parent] if parent else None, geometry=area.geometry, valid_from=area.valid_from,
                **dict(zip(("min_lon", "min_lat", "max_lon", "max_lat"), box.tolist(), strict=True)))


def _new_edition(layer: str) -> None:
    Registry.objects.update_or_create(layer=layer, defaults={"edition": uuid4()})
