from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.notices.models import Delivery


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One delivery that was given up or is in doubt (未送达), without address and words."""

    id: UUID
    channel: str
    state: str
    template: str
    to_reporter: bool
    made_at: datetime
    tried_at: datetime | None
    attempts: int
    reason: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many deliveries of a channel stand so, and since when the oldest of them waits (渠道情况)."""

    channel: str
    state: str
    count: int
    oldest_due_at: datetime


def undelivered(*, most: int) -> list[DeadLetter]:
    """Return what did not arrive or may not have (死信), the newest first."""
    with audit.acting(Actor.system("notices")):
        rows = Delivery.objects.undelivered().select_related("notice").order_by("-due_at")[:most]
        return [DeadLetter(row.pk, row.channel, row.state, row.notice.template,
                           row.notice.recipient.startswith("contact:"), row.notice.made_at, row.claimed_at,
                           row.attempts, row.reason, row.receipt) for row in rows]


def tally() -> list[Tally]:
    """Return per channel and state how many deliveries there are (渠道统计)."""
    with audit.acting(Actor.system("notices")):
        rows = Delivery.objects.values("channel", "state").annotate(n=Count("pk"), since=Min("due_at"))
        return [Tally(row["channel"], row["state"], row["n"], row["since"])
                for row in rows.order_by("channel", "state")]
