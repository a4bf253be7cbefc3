import logging
import threading
import time
from datetime import date
from typing import Final

import psycopg
from django.db import DatabaseError, close_old_connections, connection

from linli.assets import actions as assets
from linli.calendar import queries as calendar
from linli.cases import actions, queries
from linli.kernel import clock
from linli.metrics import actions as metrics

SWEEP_S: Final = 0.5
RETRY_S: Final = 1.0
LIMIT_S: Final = 2.0
HOUSE_S: Final = 60.0
log = logging.getLogger(__name__)


def keep_time(stop: threading.Event) -> None:
    """Fire what falls due with cases, twice a second, until `stop` is set (案件计时); a lost database is waited for.

    First gives running cases the timers they lack, and once a minute carries out what units' days have come.

    Says that it lives, as the part `timers`, and how late the latest one waiting is.
    """
    begun, looked_at, followed = False, -HOUSE_S, None
    while not stop.is_set():
        try:
            close_old_connections()
            begun = begun or begin_missing()
            if time.monotonic() - looked_at > HOUSE_S:
                actions.retire_due(clock.now())
                followed = follow_days(followed)
                looked_at = time.monotonic()
            fire_all(stop)
            metrics.beat("timers", lag_s=queries.timers_late_s(clock.now()), limit_s=LIMIT_S, note=_warning())
            stop.wait(SWEEP_S)
        except (psycopg.Error, DatabaseError) as error:
            log.warning("timers wait for the database: %s", error)
            connection.close()
            stop.wait(RETRY_S)
        except Exception:
            log.exception("timers could not be fired")
            connection.close()
            stop.wait(RETRY_S)


def follow_days(followed: date | None) -> date:
    """Let components show the units of a day that is new (责任切换); return the day."""
    today = calendar.calendar_for().day_of(clock.now())
    if today != followed:
        assets.follow_days()
    return today


def begin_missing() -> bool:
    """Give what runs without a timer its own (补建计时), as after an upgrade."""
    actions.begin_missing_limits()
    actions.begin_missing_stages()
    return True


def _warning() -> str:
    """Return what the operator should know of the calendar, "" if nothing is missing (日历提醒)."""
    year = calendar.missing_year()
    return f"the holidays of {year} are not loaded: limits that run into it have no known end" if year else ""


def fire_all(stop: threading.Event) -> int:
    """Fire everything that is due, batch by batch; return how many."""
    fired = 0
    while not stop.is_set() and (batch := actions.fire_timers(clock.now())):
        fired += batch
    return fired
