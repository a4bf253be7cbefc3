from typing import Any, Final

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from linli.outbox import actions

POLL_S: Final = 0.5
HEARTBEAT_S: Final = 3.0
STALLED_AFTER_S: Final = 10.0
CONNECTED_WITHIN_S: Final = 3.0
RETRY: Final = RetryStrategy(max_attempts=8, exponential_wait=2)


@app.task(name="outbox.deliver", queue=actions.QUEUE, retry=RETRY)
def deliver(event: str, handler: str, facts: dict[str, Any]) -> None:
    """Deliver one fact; a failure is retried after 2, 4, 8 … seconds, then kept as a dead letter."""
    actions.deliver(event, handler, facts)


@app.periodic(cron="* * * * * */15")
@app.task(name="outbox.sweep", queue=actions.QUEUE, pass_context=True, queueing_lock="outbox.sweep")
async def sweep(context: JobContext, timestamp: int) -> None:
    """Take back the jobs of workers that died in the middle of one (停滞任务回收)."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        await manager.retry_job(job)


def worker_app() -> App:
    """Return the app as a worker runs it, on connections of its own.

    Without a database nobody waits long for one: a worker that is told to stop just then must come to its end.
    """
    return app.with_connector(PsycopgConnector(kwargs=connector_params(), timeout=CONNECTED_WITHIN_S))


def run_worker() -> None:
    """Deliver until the process is told to stop."""
    with worker_app() as running:
        running.run_worker(
            queues=[actions.QUEUE],
            concurrency=2,
            fetch_job_polling_interval=POLL_S,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
            delete_jobs="successful",
        )
