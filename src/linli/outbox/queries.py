from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far delivery is behind (待投递情况)."""

    waiting: int
    oldest_s: float
    dead: int


def backlog() -> Backlog:
    """Return what is due and not delivered, how old the oldest of it is, and how many gave up."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT count(*) FILTER (WHERE due), coalesce(max(age) FILTER (WHERE due), 0), count(*) FILTER (WHERE dead)
            FROM (SELECT job.status = 'failed' AS dead,
                         job.status IN ('todo', 'doing') AND coalesce(job.scheduled_at, '-infinity') <= now() AS due,
                         extract(epoch FROM now() - greatest(event.at, job.scheduled_at))::float8 AS age
                  FROM procrastinate_jobs job
                  JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = job.id) event ON true
                  WHERE job.status IN ('todo', 'doing', 'failed')) jobs""")
        waiting, oldest_s, dead = cursor.fetchone()
    return Backlog(waiting, max(oldest_s, 0.0), dead)


def loop_silent_s() -> float:
    """Return how long no worker's loop has given a sign of life, 0 before the first ever did (投递循环静默)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))::float8"
                       " FROM procrastinate_workers")
        return max(cursor.fetchone()[0] or 0.0, 0.0)
