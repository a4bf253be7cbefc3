import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from linli.sensing.models import QuarantineCount, ReplayRequest

_HELD: Final = """
    SELECT c.device, t.adopted_at IS NOT NULL, jsonb_object_agg(c.reason, c.count)::text, max(c.last_at),
           (SELECT count(*) FROM quarantine q WHERE q.device = c.device AND q.replayed_at IS NULL)
    FROM quarantine_count c LEFT JOIN sensing_thing t ON t.code = c.device
    GROUP BY c.device, t.adopted_at ORDER BY max(c.last_at) DESC, c.device LIMIT %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDevice:
    """A sender of whom something was refused (被隔离设备).

    Attributes:
        counts: how often, by `domain.refusal.Refusal`, since the beginning.
        held: how many of its messages are kept and may be read once more.
    """

    device: str
    adopted: bool
    counts: dict[str, int]
    last_at: datetime
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayState:
    """How far a wish to replay has got (重放进度); `replayed` and `refused` are None until it is done."""

    id: int
    done_at: datetime | None
    replayed: int | None
    refused: int | None


def held_devices(limit: int) -> list[HeldDevice]:
    """Return senders with refused messages, the latest first (隔离名单); who asks has asked the policy."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [limit])
        return [HeldDevice(device=row[0], adopted=row[1], counts=json.loads(row[2]), last_at=row[3], held=row[4])
                for row in cursor.fetchall()]  # fmt: skip


def refusals(code: str) -> dict[str, int]:
    """Return how often messages of a device were refused since the beginning, by reason (拒收计数)."""
    return dict(QuarantineCount.objects.filter(device=code).values_list("reason", "count"))


def replay_state(code: str) -> ReplayState | None:
    """Return how far the last request to replay a device's messages has got, None if there was none."""
    row = ReplayRequest.objects.filter(device=code).order_by("id").last()
    return row and ReplayState(id=row.pk, done_at=row.done_at, replayed=row.replayed, refused=row.refused)

