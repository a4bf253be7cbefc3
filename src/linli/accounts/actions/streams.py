from django.conf import settings
from django.db import connection

from linli.kernel import listening


def end_streams(user_id: int) -> None:
    """End every open live stream of somebody, once this commits (终止推送).

    Their browsers come back through the web part, where session and posts are looked up again.
    """
    said = listening.end_of_streams(f"user:{user_id}", key=settings.SECRET_KEY.encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [listening.CHANNEL, said])
