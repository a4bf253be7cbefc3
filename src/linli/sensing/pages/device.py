"""What is known of a device itself (设备实情): heard when, receipts, what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from linli.sensing.domain.refusal import Refusal
from linli.sensing.queries.heard import HEARD_WITHIN

REASON_WORDS: Final = {
    Refusal.TOO_LARGE: _("Larger than 64 kB, not read"),
    Refusal.NOT_JSON: _("Not JSON"),
    Refusal.NOT_A_MESSAGE: _("JSON, but no message"),
    Refusal.NOT_A_NUMBER: _("A value that is no number"),
    Refusal.NOT_FINITE: _("A value that is not finite"),
    Refusal.BAD_TIME: _("A moment that cannot be read"),
    Refusal.TOO_OLD: _("A moment before the year 2000"),
    Refusal.IN_FUTURE: _("A moment still to come"),
    Refusal.BAD_COUNTER: _("A counter that cannot be"),
    Refusal.UNKNOWN_DEVICE: _("Device not adopted"),
    Refusal.UNKNOWN_METRIC: _("Metric not agreed"),
    Refusal.CONFLICT: _("Another value for the same moment"),
    Refusal.BAD_STATUS: _("A status that cannot be read"),
    Refusal.FAILED: _("Could not be stored"),
}
_FACTS: Final = """
    SELECT (SELECT row_to_json(s) FROM device_status s WHERE device = %(device)s),
           (SELECT json_agg(r ORDER BY at DESC) FROM (
              SELECT session, acked_n, at FROM receipt WHERE device = %(device)s ORDER BY at DESC LIMIT 3) r),
           (SELECT json_agg(q ORDER BY count DESC) FROM (
              SELECT reason, count, last_at FROM quarantine_count WHERE device = %(device)s) q)
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Up to which message of a session everything is stored (回执)."""

    session: str
    acked_n: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Refused:
    """How often a device was refused for one reason (隔离)."""

    reason: str
    words: str
    count: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A device's own facts; `seen_at` None = never heard of."""

    seen_at: datetime | None
    messages: int
    unnumbered: int
    receipts: Sequence[Receipt]
    refused: Sequence[Refused]

    def senders(self, now: datetime) -> int:
        """Return in how many sessions numbers came within the hour (发送方): more than one may be two senders."""
        return sum(receipt.at is not None and now - receipt.at <= HEARD_WITHIN for receipt in self.receipts)

    @property
    def refused_count(self) -> int:
        """Return how many messages were refused, for whatever reason."""
        return sum(row.count for row in self.refused)


def facts(device: str) -> Facts:
    """Return what is known of a device, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"device": device})
        status, receipts, refused = cursor.fetchone()
    status = status or {}
    return Facts(
        _at(status.get("seen_at")), status.get("messages", 0), status.get("unnumbered", 0),
        [Receipt(row["session"], row["acked_n"], _at(row["at"])) for row in receipts or ()],
        [_refused(row) for row in refused or ()],
    )


def reason_words(reason: str) -> str:
    """Return why something was refused, in words (隔离原因)."""
    return str(REASON_WORDS[Refusal(reason)]) if reason in set(Refusal) else reason


def _refused(row: dict[str, Any]) -> Refused:
    return Refused(row["reason"], reason_words(row["reason"]), row["count"], _at(row["last_at"]))


def _at(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
