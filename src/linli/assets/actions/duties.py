"""Which unit is accountable from when until when (责任起止), written in sets."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db import connection, transaction

from linli.audit import actions as audit
from linli.calendar import queries as calendar
from linli.changes import actions as changes
from linli.changes.domain.source import Source
from linli.kernel import clock
from linli.kernel.actor import Actor

_SELF: Final = Actor.system("assets")
_STAGE: Final = """
    DROP TABLE IF EXISTS named_unit;
    CREATE TEMP TABLE named_unit (component_id int8, kind varchar, unit_id int8, valid daterange) ON COMMIT DROP
"""
# What says so already is left alone; what was said of the same days gives way; what was said of others stays.
_STEPS: Final = (
    "DELETE FROM named_unit n WHERE EXISTS (SELECT FROM assets_componentduty d WHERE d.component_id = n.component_id"
    " AND d.kind = n.kind AND d.unit_id IS NOT DISTINCT FROM n.unit_id AND d.valid @> n.valid)",
    "SELECT c.id FROM assets_component c WHERE c.id IN (SELECT component_id FROM named_unit) ORDER BY c.id FOR UPDATE",
    "INSERT INTO assets_componentduty (component_id, kind, unit_id, valid)"
    " SELECT d.component_id, d.kind, d.unit_id, daterange(upper(n.valid), upper(d.valid))"
    " FROM assets_componentduty d JOIN named_unit n USING (component_id, kind)"
    " WHERE d.valid && n.valid AND NOT upper_inf(n.valid) AND (upper_inf(d.valid) OR upper(d.valid) > upper(n.valid))",
    "DELETE FROM assets_componentduty d USING named_unit n WHERE d.component_id = n.component_id AND d.kind = n.kind"
    " AND d.valid && n.valid AND d.valid &> n.valid",
    "UPDATE assets_componentduty d SET valid = daterange(lower(d.valid), lower(n.valid)) FROM named_unit n"
    " WHERE d.component_id = n.component_id AND d.kind = n.kind AND d.valid && n.valid",
    "INSERT INTO assets_componentduty (component_id, kind, unit_id, valid)"
    " SELECT component_id, kind, unit_id, valid FROM named_unit",
)
_SETTLE: Final = """
    UPDATE assets_component c SET supervising_id = h.supervising, owning_id = h.owning, maintaining_id = h.maintaining,
                                  changed_on = greatest(c.changed_on, %(today)s)
    FROM (SELECT i.id, max(d.unit_id) FILTER (WHERE d.kind = 'supervising') AS supervising,
                 max(d.unit_id) FILTER (WHERE d.kind = 'owning') AS owning,
                 max(d.unit_id) FILTER (WHERE d.kind = 'maintaining') AS maintaining
          FROM assets_component i LEFT JOIN assets_componentduty d ON d.component_id = i.id AND d.valid @> %(today)s
          WHERE %(all)s OR i.id IN (SELECT component_id FROM named_unit) GROUP BY i.id) h
    WHERE h.id = c.id AND (c.supervising_id, c.owning_id, c.maintaining_id)
                          IS DISTINCT FROM (h.supervising, h.owning, h.maintaining)
"""


def today() -> date:
    """Return the local day it is (当日)."""
    return calendar.calendar_for().day_of(clock.now())


def name_units(selected: str, given: Mapping[str, int | str | date | list[int] | None]) -> int:
    """Let units be accountable from now on for what a query selects, and return how many duties that changes.

    Within an open change set. The query gives component, kind, unit or NULL, days; each component and kind at
    most once. The components' own columns follow, where the days hold today.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.execute(f"INSERT INTO named_unit {selected}", given)
        for step in _STEPS:
            cursor.execute(step)
        count: int = cursor.rowcount
        cursor.execute(_SETTLE, {"today": today(), "all": False})
    return count


@transaction.atomic
def follow_days() -> int:
    """Let components show the units of this day (责任到期切换), where a duty began or ended; return how many."""
    with audit.acting(_SELF), changes.change("A day came from which other units answer", actor=_SELF,
                                             source=Source.PROGRAM), connection.cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.execute(_SETTLE, {"today": today(), "all": True})
        count: int = cursor.rowcount
        if count:
            audit.record("assets.follow_days", actor=_SELF, target="components", count=count)
    return count
