from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from linli.sensing.models import DeviceStatus, Thing

HEARD_WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Heard:
    """How many devices were heard of within the hour (近一小时有消息), of how many; silence is not safety."""

    heard: int
    whole: int
    last_at: datetime | None

    @property
    def silent(self) -> int:
        """Return how many said nothing, so that nobody knows how it is there."""
        return self.whole - self.heard


def heard_of(things: "QuerySet[Thing]", *, now: datetime) -> Heard:
    """Return how many of these devices were heard of lately, as far as the open scope sees them."""
    seen = Subquery(DeviceStatus.objects.filter(device=OuterRef("code")).values("seen_at")[:1])
    found = things.annotate(seen_at=seen).aggregate(
        whole=Count("pk"), heard=Count("pk", filter=Q(seen_at__gte=now - HEARD_WITHIN)), last_at=Max("seen_at"))
    return Heard(found["heard"], found["whole"], found["last_at"])
