"""The signs of life that the worker gives: its own, and those of the message server it asks (心跳)."""

import os
import threading
import time
from typing import Final
from urllib.parse import urlsplit

from django.db import DatabaseError, connection

from linli.audit import queries as audit
from linli.metrics import actions as metrics
from linli.outbox import queries as outbox
from linli_run.nats import greeting_of
from linli_run.wall_clock import WallClock

EVERY_S: Final = 1.0
WORKER_LIMIT_S: Final = 30.0
LOOP_STUCK_AFTER_S: Final = 30.0
NATS_LIMIT_S: Final = 2.0
AUDIT_LIMIT_S: Final = 30.0


def keep(stop: threading.Event) -> None:
    """Beat about once a second until told to stop; a database that is away is tried again (持续心跳)."""
    machine = WallClock()
    while not stop.wait(EVERY_S):
        try:
            machine.beat()
            beat_for_worker()
            beat_for_audit()
            beat_for_nats(os.environ.get("NATS_URL", ""))
        except DatabaseError:
            connection.close()


def beat_for_worker() -> None:
    """Tell how old the oldest event is that is not delivered, and how many were given up.

    This thread's life proves nothing of the loop that delivers: if that stands still, nothing is told.
    """
    if outbox.loop_silent_s() > LOOP_STUCK_AFTER_S:
        return
    backlog = outbox.backlog()
    note = f"{backlog.waiting} waiting, {backlog.dead} given up"
    metrics.beat("worker", lag_s=backlog.oldest_s, limit_s=WORKER_LIMIT_S, note=note)


def beat_for_audit() -> None:
    """Tell how much of the audit trail is not sealed yet, and for how long."""
    tail = audit.tail()
    metrics.beat("audit", lag_s=tail.oldest_s, limit_s=AUDIT_LIMIT_S, note=f"{tail.waiting} not sealed yet")


def beat_for_nats(url: str) -> None:
    """Tell how long the message server takes to greet; one that does not greet falls silent."""
    server = urlsplit(url)
    asked_at = time.monotonic()
    if server.hostname and greeting_of(server.hostname, server.port or 4222, NATS_LIMIT_S).get("jetstream"):
        metrics.beat("nats", lag_s=time.monotonic() - asked_at, limit_s=NATS_LIMIT_S)
