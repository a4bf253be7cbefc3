import logging
import math
import threading
import time
from typing import Final

import psycopg
from django.db import DatabaseError, close_old_connections, connection

from linli.alerts import actions
from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.metrics import actions as metrics

CHANNEL: Final = "linli_exceedance"
POLL_S: Final = 2.0
LOOK_UP_S: Final = 0.25
RETRY_S: Final = 1.0
LIMIT_S: Final = 10.0
SWEEP_EVERY_S: Final = 2.0
log = logging.getLogger(__name__)


def listen(stop: threading.Event) -> None:
    """Turn exceedances into alerts as they come, until `stop` is set (预警监听).

    Woken by the ingest's notice, and every 2 seconds in case one was lost; a lost database is
    waited for. Says about once a second that it lives, as the part `alerts`.
    """
    while not stop.is_set():
        try:
            _listen(stop)
        except (psycopg.Error, DatabaseError) as error:
            log.warning("alerts wait for the database: %s", error)
            stop.wait(RETRY_S)
        except Exception:
            log.exception("alerts could not be taken")
            stop.wait(RETRY_S)
        finally:
            connection.close()


def _listen(stop: threading.Event) -> None:
    parameters = connection.get_connection_params()
    with psycopg.connect(**{**parameters, "autocommit": True, "cursor_factory": psycopg.Cursor}) as ears:
        ears.execute(f"LISTEN {CHANNEL}")
        looked_at = -math.inf
        while not stop.is_set():
            close_old_connections()
            if next(ears.notifies(timeout=LOOK_UP_S, stop_after=1), None) or time.monotonic() - looked_at >= POLL_S:
                take_all(stop)
                looked_at = time.monotonic()


def take_all(stop: threading.Event) -> None:
    """Take what there is, batch by batch, and say how far behind this part is."""
    while not stop.is_set():
        with audit.acting(Actor.system("alerts")):
            taken = actions.take_exceedances()
        metrics.beat("alerts", lag_s=taken.behind_s, limit_s=LIMIT_S)
        if not taken.count:
            break


def sweep(stop: threading.Event) -> None:
    """Look every two seconds for devices that are offline, silent or stuck, until `stop` is set (设备巡检)."""
    while not stop.wait(SWEEP_EVERY_S):
        try:
            close_old_connections()
            with audit.acting(Actor.system("alerts")):
                actions.sweep_devices()
        except DatabaseError as error:
            log.warning("the look at devices waits for the database: %s", error)
            connection.close()
        except Exception:
            log.exception("devices could not be looked at")
            connection.close()
    connection.close()
