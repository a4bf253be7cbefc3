import hashlib
import hmac
from typing import Final

from django.db import connection

from linli.kernel import clock

KEEP_WINDOWS: Final = 2


def beat(part: str, *, lag_s: float, limit_s: float, note: str = "") -> None:
    """Say that `part` lives (心跳) and how many seconds it is behind; beyond `limit_s` it is not ready."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metrics_heartbeat (part, at, lag_s, limit_s, note) VALUES (%s, clock_timestamp(), %s, %s, %s)"
            " ON CONFLICT (part) DO UPDATE SET at = excluded.at, lag_s = excluded.lag_s,"
            " limit_s = excluded.limit_s, note = excluded.note",
            [part, lag_s, limit_s, note[:200]],
        )


def count(what: str, who: str, *, window_s: int, key: bytes) -> int:
    """Count one more `what` by `who` and return how many there are in the present window (计次).

    `who` is kept only as a keyed hash, and only for the present and the last window.
    """
    window = int(clock.now().timestamp()) // window_s
    name = hmac.new(key, f"{what}:{who}".encode(), hashlib.sha256).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM metrics_rate WHERE key = %s AND \"window\" < %s", [name, window - KEEP_WINDOWS])
        cursor.execute(
            "INSERT INTO metrics_rate (key, \"window\", count) VALUES (%s, %s, 1)"
            " ON CONFLICT (key, \"window\") DO UPDATE SET count = metrics_rate.count + 1 RETURNING count",
            [name, window],
        )
        return int(cursor.fetchone()[0])
