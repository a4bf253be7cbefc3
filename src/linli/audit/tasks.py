import logging
import threading
from typing import Final

import psycopg
from django.db import DatabaseError, close_old_connections, connection

from linli.audit import actions

EVERY_S: Final = 1.0
log = logging.getLogger(__name__)


def keep_sealed(stop: threading.Event) -> None:
    """Seal what was committed, once a second, until `stop` is set (定时封存); a lost database is waited for."""
    while not stop.wait(EVERY_S):
        try:
            close_old_connections()
            while actions.seal() == actions.AT_MOST and not stop.is_set():
                pass
        except (psycopg.Error, DatabaseError) as error:
            log.warning("the sealer waits for the database: %s", error)
            connection.close()
        except Exception:
            log.exception("the audit trail could not be sealed")
            connection.close()
