from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np
from django.db import connection, transaction

from linli.areas import queries as areas
from linli.areas.domain.shapes import boxes_of
from linli.assets import policy
from linli.assets.actions.duties import name_units, today
from linli.assets.domain.component import Duty, Loaded, NewComponent
from linli.assets.domain.state import ComponentState
from linli.assets.models import Component, ComponentClass
from linli.audit import actions as audit
from linli.changes import actions as changes
from linli.changes.domain.source import Source
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotFound
from linli.kernel.geo import Point, morton24

_COLUMNS: Final = {
    "code": "varchar", "klass_id": "int8", "name": "varchar", "lon": "float8", "lat": "float8", "morton": "int8",
    "geometry": "bytea", "min_lon": "float8", "min_lat": "float8", "max_lon": "float8", "max_lat": "float8",
    "area_code": "varchar", "state": "varchar", "supervising_id": "int8", "owning_id": "int8",
    "maintaining_id": "int8", "installed_on": "date",
}
_NAMES: Final = ", ".join(_COLUMNS)
_STAGE: Final = f"""
    CREATE TEMP TABLE staged_component ON COMMIT DROP AS
      SELECT {_NAMES}, NULL::date AS units_since FROM assets_component WITH NO DATA
"""  # noqa: S608  the names above, nothing from outside
_MERGE: Final = f"""
    INSERT INTO assets_component AS kept ({_NAMES}, changed_on)
    SELECT {_NAMES}, installed_on FROM staged_component ORDER BY morton
    ON CONFLICT (code) DO UPDATE
      SET ({", ".join(n for n in _COLUMNS if n != "code")}, changed_on)
        = ({", ".join(f"excluded.{n}" for n in _COLUMNS if n != "code")}, greatest(excluded.installed_on, %(today)s))
      WHERE ({", ".join(f"kept.{n}" for n in _COLUMNS)})
        IS DISTINCT FROM ({", ".join(f"excluded.{n}" for n in _COLUMNS)})
    RETURNING old.id IS NULL
"""  # noqa: S608
# A unit that differs from today's holds from the day said, else from today, until the next one that is planned.
_UNITS: Final = """
    SELECT c.id, u.kind, u.unit_id, daterange(coalesce(s.units_since, %(today)s), (
        SELECT min(lower(p.valid)) FROM assets_componentduty p
        WHERE p.component_id = c.id AND p.kind = u.kind AND lower(p.valid) > %(today)s))
    FROM staged_component s JOIN assets_component c USING (code)
    CROSS JOIN LATERAL (VALUES ('supervising', s.supervising_id), ('owning', s.owning_id),
                               ('maintaining', s.maintaining_id)) u (kind, unit_id)
    LEFT JOIN assets_componentduty d ON d.component_id = c.id AND d.kind = u.kind AND d.valid @> %(today)s::date
    WHERE d.unit_id IS DISTINCT FROM u.unit_id
"""


@transaction.atomic
def load_components(components: Sequence[NewComponent], *, actor: Actor,
                    reason: str = "Components were loaded") -> Loaded:
    """Enter components, or amend those of the same code, in one change set, each into its grid (部件入库).

    Raises: NotPermitted; Invalid if a class is unknown, a place or shape cannot be used, or a code comes twice.
    """
    grids = areas.locate_many(np.array([c.lon for c in components]), np.array([c.lat for c in components])).tolist()
    policy.require_registrar(actor, set(grids))
    classes = dict(ComponentClass.objects.values_list("code", "id"))
    boxes, day = _boxes(components), today()
    with changes.change(reason, actor=actor, source=Source.IMPORT), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged_component")
        cursor.execute(_STAGE)
        with cursor.copy(f"COPY staged_component ({_NAMES}, units_since) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types([*_COLUMNS.values(), "date"])
            for row in _rows(components, grids, classes, boxes, day):
                copy.write_row(row)
        cursor.execute(_MERGE, {"today": day})
        added = [new for (new,) in cursor.fetchall()]
        name_units(_UNITS, {"today": day})
    loaded = Loaded(added=sum(added), changed=len(added) - sum(added), same=len(components) - len(added))
    audit.record("assets.load", actor=actor, target="components", added=loaded.added, changed=loaded.changed)
    return loaded


@transaction.atomic
def assign(component_id: int, duty: Duty, unit_id: int | None, *, actor: Actor, since: date | None = None,
           until: date | None = None) -> None:
    """Name the unit that supervises, owns or maintains a component, or say that none is known (责任单位认定).

    Args:
        since: the first day, today if not said; a day that has passed corrects, one ahead plans.
        until: the first day on which it holds no more; None = open.
    Raises: NotFound, NotPermitted; Invalid if it would end before it begins.
    """
    component = _locked(component_id, actor)
    since = since or today()
    if until is not None and until <= since:
        raise Invalid("assets.until", "It must end after it begins.", field="until")
    before = getattr(component, f"{duty.value}_id")
    with changes.change("A unit was named", actor=actor):
        name_units("SELECT %(id)s, %(kind)s, %(unit)s::int8, daterange(%(since)s, %(until)s)", {
            "id": component_id, "kind": duty.value, "unit": unit_id, "since": since, "until": until})
    audit.record("assets.assign", actor=actor, target=f"component:{component_id}", duty=duty.value, before=before,
                 after=unit_id, since=since, until=until)


@transaction.atomic
def report_state(component_id: int, state: ComponentState, *, actor: Actor) -> None:
    """Say in what condition a component is (部件状态变更)."""
    component = _locked(component_id, actor)
    before, component.state = component.state, state.value
    component.changed_on = clock.now().date()
    with changes.change("Its condition was reported", actor=actor):
        component.save(update_fields=["state", "changed_on"])
    audit.record("assets.report_state", actor=actor, target=f"component:{component_id}", before=before,
                 after=state.value)


def _locked(component_id: int, actor: Actor) -> Component:
    component = policy.visible_components(actor).select_for_update().filter(pk=component_id).first()
    if component is None:
        raise NotFound("assets.no_such_component", "There is no such component.")
    policy.require_registrar(actor, [component.area_code])
    return component


def _boxes(components: Sequence[NewComponent]) -> dict[str, tuple[float, ...]]:
    shaped = [c for c in components if c.geometry is not None]
    if not shaped:
        return {}
    boxes = boxes_of([c.code for c in shaped], [c.geometry for c in shaped if c.geometry], polygons=False)
    return {c.code: tuple(box) for c, box in zip(shaped, boxes.tolist(), strict=True)}


def _rows(components: Sequence[NewComponent], grids: Sequence[str], classes: dict[str, int],
          boxes: dict[str, tuple[float, ...]], day: date) -> Iterable[tuple[object, ...]]:
    seen: set[str] = set()
    for component, grid in zip(components, grids, strict=True):
        if component.code in seen:
            raise Invalid("assets.code_twice", "Component {code} comes twice.", code=component.code)
        if component.class_code not in classes:
            raise Invalid("assets.unknown_class", "Component {code}: class {class_code} is not known.",
                          code=component.code, class_code=component.class_code)
        if component.units_since is not None and component.units_since > day:
            raise Invalid("assets.units_since", "Component {code}: its units answer from a day that has not come yet."
                          " Name them by themselves.", code=component.code)
        seen.add(component.code)
        Point(component.lon, component.lat)
        yield (component.code, classes[component.class_code], component.name, component.lon, component.lat,
               morton24(component.lon, component.lat), component.geometry,
               *boxes.get(component.code, (None, None, None, None)), grid, component.state.value,
               component.supervising, component.owning, component.maintaining, component.installed_on,
               component.units_since)
