from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.notices.models import Unreached


@dataclass(frozen=True, slots=True)
class Nobody:
    """That nobody held a post that was to be told (无人接收): `told` = the post told instead, "" = none."""

    once: str
    role: str
    unit_name: str
    told: str
    at: datetime


def unreached(onces: Collection[str]) -> list[Nobody]:
    """Return where nobody held a post that was to be told of these facts (无人接收), the oldest first."""
    return _nobody(onces=onces)


def unreached_lately(most: int) -> list[Nobody]:
    """Return the newest of all (最近无人接收)."""
    return _nobody(most=most)


def _nobody(onces: Collection[str] | None = None, most: int | None = None) -> list[Nobody]:
    with audit.acting(Actor.system("notices")):
        rows = Unreached.objects.select_related("unit")
        rows = rows.order_by("-at", "-pk")[:most] if onces is None else rows.filter(once__in=onces).order_by("at", "pk")
        return [Nobody(row.once, row.role, row.unit.name if row.unit else "", row.told, row.at) for row in rows]
