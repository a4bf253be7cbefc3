from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from linli.assets import policy
from linli.assets.models import ComponentClass
from linli.audit import actions as audit
from linli.kernel import presets
from linli.kernel.actor import Actor

FIELDS = ["name_zh", "name_en", "scheme", "version", "source", "verified", "gated", "shown_from"]


def load_preset_classes(*, actor: Actor) -> int:
    """Enter the component classes that Linli ships (预置部件小类); return how many are new.

    A class that the city has already is left as it is: what was edited here is the city's own.
    """
    known = set(ComponentClass.objects.values_list("code", flat=True))
    fresh = [row for row in presets.read("component_classes") if row["code"] not in known]
    return load_classes(fresh, actor=actor) if fresh else 0


@transaction.atomic
def load_classes(rows: Sequence[Mapping[str, Any]], *, actor: Actor) -> int:
    """Enter or replace component classes (部件小类入库); each row as in `presets/component_classes.json`."""
    policy.require_registrar(actor, [""])
    ComponentClass.objects.bulk_create(
        [ComponentClass(code=row["code"], **{name: row[name] for name in FIELDS}) for row in rows],
        update_conflicts=True, unique_fields=["code"], update_fields=FIELDS,
    )
    audit.record("assets.load_classes", actor=actor, target="component_classes", codes=[row["code"] for row in rows])
    return len(rows)
