from procrastinate.contrib.django import app

from linli.audit import actions as audit
from linli.files import actions
from linli.kernel.actor import Actor
from linli.outbox.actions import QUEUE


@app.periodic(cron="23 3 * * *")
@app.task(name="files.sweep", queue=QUEUE, queueing_lock="files.sweep")
def sweep(timestamp: int) -> None:
    """Clear away, once a night, the photos that belong to nothing (清理照片)."""
    with audit.acting(Actor.system("files")):
        actions.sweep()
