"""The rows of sending (发送队列): claimed in sets, settled in sets, given back when their sender has died."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.notices.domain.channels import Channel, Outcome, State, wait_after, when_interrupted
from linli.notices.domain.recipients import Fact
from linli.notices.models import Delivery

SYSTEM: Final = Actor.system("notices")
LOCK_CLASS: Final = 20_251  # the advisory locks by which senders show that they live
RATE_WINDOW: Final = timedelta(minutes=1)
UNTRIED_AGAIN: Final = timedelta(seconds=5)

CLAIM: Final = """
WITH chosen AS (
  SELECT id FROM notices_delivery
  WHERE channel = %(channel)s AND state IN ('queued', 'held') AND due_at <= %(now)s
  ORDER BY urgent DESC, due_at, id
  LIMIT least(%(most)s, greatest(0, %(rate)s - (
    SELECT count(*) FROM notices_delivery WHERE channel = %(channel)s AND claimed_at > %(since)s)))
  FOR UPDATE SKIP LOCKED), taken AS (
  UPDATE notices_delivery d
  SET state = 'sending', claimed_at = %(now)s, claimed_by = %(sender)s, attempts = d.attempts + 1
  FROM chosen WHERE d.id = chosen.id
  RETURNING d.id, d.notice_id, d.attempts, d.urgent, d.due_at)
SELECT d.id, d.attempts, n.recipient, n.template, n.facts, n.urgent, n.link, n.made_at
FROM taken d JOIN notices_notice n ON n.id = d.notice_id
ORDER BY d.urgent DESC, d.due_at, d.id
"""
# Each sender holds an advisory lock in a session of its own: where nobody holds it, its sender is gone.
GIVE_BACK: Final = """
UPDATE notices_delivery SET state = %(state)s, due_at = %(now)s, reason = 'interrupted'
WHERE channel = %(channel)s AND state = 'sending' AND claimed_by <> %(sender)s AND NOT EXISTS (
  SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %(lock)s AND objid = claimed_by
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
SETTLE: Final = """
UPDATE notices_delivery d
SET state = told.state, receipt = told.receipt, reason = told.reason, due_at = coalesce(told.due_at, d.due_at),
    done_at = CASE WHEN told.state = 'sent' THEN %(now)s END, attempts = d.attempts - (NOT told.tried)::int
FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(receipts)s::text[], %(reasons)s::text[], %(due)s::timestamptz[],
  %(tried)s::boolean[]) AS told (id, state, receipt, reason, due_at, tried)
WHERE d.id = told.id AND d.claimed_by = %(sender)s AND d.state IN ('sending', 'unsure')
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One delivery that a sender holds (待发一件)."""

    id: UUID
    attempts: int
    recipient: str
    template: str
    facts: Mapping[str, Fact]
    urgent: bool
    link: str
    made_at: datetime


@transaction.atomic
def claim(channel: Channel, *, sender: int, most: int, rate: int) -> list[Claimed]:
    """Take what is due on a channel for this sender alone (认领), the urgent first.

    The caller's transaction must be committed before anything is sent. No more than `rate` in any minute, however
    many senders there are.
    """
    now = clock.now()
    with audit.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"notices.{channel.value}"])
        cursor.execute(CLAIM, {"channel": channel.value, "now": now, "since": now - RATE_WINDOW, "sender": sender,
                               "most": most, "rate": rate})
        return [Claimed(pk, attempts, recipient, template, _facts(facts), urgent, link, made_at)
                for pk, attempts, recipient, template, facts, urgent, link, made_at in cursor.fetchall()]


@transaction.atomic
def give_back(channel: Channel, *, sender: int, repeatable: bool) -> int:
    """Take from dead senders what they held (回收); return how many.

    Where a repeat is recognised it is sent again; elsewhere it is in doubt until a person decides.
    """
    with audit.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, {"channel": channel.value, "state": when_interrupted(repeatable).value,
                                   "now": clock.now(), "sender": sender, "lock": LOCK_CLASS})
        return int(cursor.rowcount)


@transaction.atomic
def settle(outcomes: Collection[tuple[Claimed, Outcome]], *, sender: int) -> None:
    """Write down what became of these (记发送结果): one query; what may still succeed is due again later."""
    if not outcomes:
        return
    now = clock.now()
    rows = [_settled(claimed, outcome, now) for claimed, outcome in outcomes]
    ids, states, receipts, reasons, due, tried = map(list, zip(*rows, strict=True))
    with audit.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(SETTLE, {"ids": ids, "states": states, "receipts": receipts, "reasons": reasons, "due": due,
                                "tried": tried, "now": now, "sender": sender})


def behind_s() -> float:
    """Return how long the oldest delivery that is due has been waiting (积压时长), seconds."""
    now = clock.now()
    with audit.acting(SYSTEM):
        oldest = Delivery.objects.waiting().filter(due_at__lte=now).order_by("due_at").values_list("due_at").first()
    return (now - oldest[0]).total_seconds() if oldest else 0.0


def _settled(claimed: Claimed, outcome: Outcome, now: datetime) -> tuple[UUID, str, str, str, datetime | None, bool]:
    state, due_at = outcome.state, None
    if not outcome.tried:
        due_at = now + UNTRIED_AGAIN
    elif state is State.QUEUED:
        wait = wait_after(claimed.attempts)
        state, due_at = (State.QUEUED, now + wait) if wait else (State.FAILED, None)
    return claimed.id, state.value, outcome.receipt[:200], outcome.reason[:60], due_at, outcome.tried


def _facts(raw: object) -> Mapping[str, Fact]:
    facts = json.loads(raw) if isinstance(raw, str) else raw
    return facts if isinstance(facts, dict) else {}
