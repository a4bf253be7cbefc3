"""`linli worker`: deliver events, raise alerts, run timers (后台任务)."""

import argparse
import os
import threading
import time
from typing import Final
from urllib.parse import urlsplit

import psycopg

from linli_run.nats import greeting_of

NATS_LIMIT_S: Final = 2.0
BEAT_EVERY_S: Final = 1.0
BEAT: Final = (
    "INSERT INTO metrics_heartbeat (part, at, lag_s, limit_s, note) VALUES (%s, clock_timestamp(), %s, %s, %s)"
    " ON CONFLICT (part) DO UPDATE SET at = excluded.at, lag_s = excluded.lag_s,"
    " limit_s = excluded.limit_s, note = excluded.note"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No choices yet: one worker does every kind of task."""


def run(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    import django

    django.setup()
    from linli.alerts import tasks as alerts
    from linli.outbox import tasks as outbox

    stop = threading.Event()
    threads = [threading.Thread(target=work, args=(stop,), daemon=True) for work in (alerts.listen, watch_nats)]
    for thread in threads:
        thread.start()
    try:
        outbox.run_worker()
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)
    return 0


def watch_nats(stop: threading.Event) -> None:
    """Say about once a second whether the message server answers (消息服务心跳)."""
    server = urlsplit(os.environ.get("NATS_URL", ""))
    while server.hostname and not stop.wait(BEAT_EVERY_S):
        try:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, connect_timeout=5) as line:
                while not stop.wait(BEAT_EVERY_S):
                    _beat_for_nats(line, server.hostname, server.port or 4222)
        except psycopg.Error:
            continue


def _beat_for_nats(line: psycopg.Connection, host: str, port: int) -> None:
    asked_at = time.monotonic()
    answered = bool(greeting_of(host, port, NATS_LIMIT_S).get("jetstream"))
    if answered:
        line.execute(BEAT, ("nats", time.monotonic() - asked_at, NATS_LIMIT_S, ""))
