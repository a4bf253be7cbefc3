from django.db import connection

from linli.command.domain.live import CHANNEL, Announcement


def announce(said: Announcement) -> None:
    """Say something on the live channel (播报); it is heard when the caller's transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, said.as_payload()])
