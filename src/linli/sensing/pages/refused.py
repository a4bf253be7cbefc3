"""What was refused (隔离区), by device."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max, Sum

from linli.sensing.models import QuarantineCount, Quarantined, ReplayRequest, Thing
from linli.sensing.pages.device import Refused, reason_words

PAGE: Final = 50
SAMPLES: Final = 20
SHOWN_CHARS: Final = 400


@dataclass(frozen=True, slots=True)
class RefusedDevice:
    """One device of which something was refused; `adopted` None = Linli does not know it."""

    device: str
    adopted: str | None
    count: int
    last_at: datetime
    reasons: Sequence[Refused]


@dataclass(frozen=True, slots=True)
class Sample:
    """One refused message as it came (隔离报文); bytes that are no text are shown as such."""

    arrived_at: datetime
    words: str
    detail: str
    text: str
    size: int
    replayed_at: datetime | None


def refused_devices(page: int, device: str = "") -> list[RefusedDevice]:
    """Return one page of the devices of which something was refused, the latest first.

    One too many says that there are more. With `device`, only that one.
    """
    first = (page - 1) * PAGE
    rows = QuarantineCount.objects.filter(device=device) if device else QuarantineCount.objects.all()
    totals = list(rows.values("device").annotate(total=Sum("count"), newest=Max("last_at"))
                  .order_by("-newest", "device")[first : first + PAGE + 1])
    names = [row["device"] for row in totals]
    adopted = dict(Thing.objects.filter(code__in=names).values_list("code", "name"))
    reasons: dict[str, list[Refused]] = {}
    for row in QuarantineCount.objects.filter(device__in=names).order_by("-count"):
        reasons.setdefault(row.device, []).append(Refused(row.reason, reason_words(row.reason), row.count, row.last_at))
    return [RefusedDevice(row["device"], adopted.get(row["device"]), row["total"], row["newest"],
                          reasons.get(row["device"], [])) for row in totals]


def samples(device: str) -> list[Sample]:
    """Return the newest refused messages of a device that are still kept."""
    rows = Quarantined.objects.filter(device=device).order_by("-id")[:SAMPLES]
    return [Sample(row.arrived_at, reason_words(row.reason), row.detail,
                   bytes(row.payload[: SHOWN_CHARS * 4]).decode("utf-8", "replace")[:SHOWN_CHARS], row.payload_bytes,
                   row.replayed_at) for row in rows]


def last_replay(device: str) -> ReplayRequest | None:
    """Return the latest wish to read a device's refused messages once more (重放请求)."""
    return ReplayRequest.objects.filter(device=device).order_by("-id").first()
