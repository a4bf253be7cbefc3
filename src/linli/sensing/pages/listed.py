"""Which devices a list shows (设备列表)."""

from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linli.sensing.models import DeviceStatus, RuleState, Thing
from linli.sensing.pages.measured import HEARD_WITHIN

PAGE: Final = 50
SHOWN: Final = {"all": Q(), "over": Q(over=True), "heard": Q(heard=True), "silent": Q(heard=False)}


def standing(things: "QuerySet[Thing]", *, now: datetime) -> "QuerySet[Thing]":
    """Add to each device whether one of its values is over its marks (`over`), and whether it was `heard` lately."""
    over = RuleState.objects.filter(levels_on__gt=0, datastream__thing=OuterRef("pk"))
    heard = DeviceStatus.objects.filter(device=OuterRef("code"), seen_at__gte=now - HEARD_WITHIN)
    return things.annotate(over=Exists(over), heard=Exists(heard))


def counts(things: "QuerySet[Thing]", *, now: datetime) -> dict[str, int]:
    """Return how many devices each of the lists has (设备数)."""
    return standing(things, now=now).aggregate(
        **{name: Count("pk", filter=condition) for name, condition in SHOWN.items()})


def matching(things: "QuerySet[Thing]", text: str) -> "QuerySet[Thing]":
    """Keep the devices whose code or name holds `text` (查找设备)."""
    return things.filter(Q(code__icontains=text) | Q(name__icontains=text)) if text else things
