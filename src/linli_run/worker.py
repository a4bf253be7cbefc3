"""`linli worker`: deliver events, raise alerts, run timers (后台任务)."""

import argparse
import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Final

STOP_WITHIN_S: Final = 5.0
_log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No choices yet: one worker does every kind of task."""


def run(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    import django

    django.setup()
    from linli.alerts import tasks as alerts
    from linli.audit import tasks as audit
    from linli.cases import tasks as cases
    from linli.notices import tasks as notices
    from linli.outbox import tasks as outbox
    from linli_run import heartbeats

    stop = threading.Event()
    threads = [_beside(name, work, stop) for name, work in (
        ("alerts", alerts.listen), ("devices", alerts.sweep), ("timers", cases.keep_time), ("beats", heartbeats.keep),
        ("notices", notices.keep), ("audit", audit.keep_sealed))]
    try:
        outbox.run_worker()
    finally:
        is_broken = stop.is_set()
        stop.set()
        for thread in threads:
            thread.join(timeout=STOP_WITHIN_S)
    return int(is_broken)


def _beside(name: str, work: Callable[[threading.Event], None], stop: threading.Event) -> threading.Thread:
    """Run `work` beside the deliveries; if it breaks, the whole worker ends and is started again."""

    def run_or_end() -> None:
        try:
            work(stop)
        except Exception:
            _log.exception("%s broke", name)
            stop.set()
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=run_or_end, name=name, daemon=True)
    thread.start()
    return thread
