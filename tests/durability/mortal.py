"""`mortal.py PART …`: a real part of Linli that looks at every border for an order to kill (可被击杀的部件).

The product knows nothing of it: its functions are wrapped here, before the part begins.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.durability.strikes import Watcher

watcher = Watcher(Path(os.environ["LINLI_HOME"]))


def wrap(owner: Any, name: str, before: str = "", after: str = "", only: Callable[..., bool] | None = None) -> None:
    """Let `owner.name` pass the points `before` and `after` whenever it is called; `only` judges its outcome."""
    inner = getattr(owner, name)

    def wrapped(*args: Any, **more: Any) -> Any:
        if before:
            watcher.passing(before)
        outcome = inner(*args, **more)
        if after and (only is None or only(outcome)):
            watcher.passing(after)
        return outcome

    setattr(owner, name, wrapped)


def in_the_middle_of_copying() -> None:
    """Send half of a COPY, pass the point, send the rest."""
    import psycopg

    inner = psycopg.Copy.write

    def write(self: Any, data: bytes) -> None:
        inner(self, data[: len(data) // 2])
        watcher.passing("copying")
        inner(self, data[len(data) // 2 :])

    psycopg.Copy.write = write  # type: ignore[method-assign,assignment]


def ingest() -> int:
    from linli_ingest import __main__ as part
    from linli_ingest import numbering, worker
    from linli_ingest.feed import Feed
    from linli_ingest.store import Store

    wrap(Feed, "gather", after="pulled", only=len)
    wrap(worker, "take_in", after="decoded")
    wrap(worker.threshold_batch, "evaluate", after="judged")
    in_the_middle_of_copying()
    wrap(Store, "write_readings", after="written")
    wrap(Store, "commit", before="committing")
    wrap(numbering, "messages", before="committed")
    wrap(worker._Session, "_tell_keeper", before="receipted", after="told")
    return part.main()


def worker() -> int:
    import django

    django.setup()
    from linli.alerts import tasks as alerts
    from linli.alerts.actions import taking
    from linli.notices import actions as notices
    from linli.notices.tasks.sms import FileAdapter
    from linli.outbox import actions as outbox

    wrap(notices, "tell_all", after="telling")
    wrap(FileAdapter, "send", before="texting", after="texted")
    wrap(taking, "take", before="alerts_begun", after="alerts_taken")
    wrap(alerts.actions, "take_exceedances", after="alerts_committed", only=lambda taken: taken.count)
    wrap(outbox, "deliver", before="delivering", after="delivered")
    return linli("worker")


def web() -> int:
    from linli_run import serve

    load = serve.load

    def loaded(target: str) -> Any:
        application = load(target)
        from linli.cases import actions

        wrap(actions, "submit", before="report_begun", after="report_kept")

        def answer(environ: dict[str, Any], start: Any) -> Any:
            answered = application(environ, start)
            if environ["REQUEST_METHOD"] == "POST":
                watcher.passing("report_answered")
            return answered

        return answer

    serve.load = loaded
    return linli("web", *sys.argv[2:])


def linli(*words: str) -> int:
    from linli_run.main import main

    return main(words)


if __name__ == "__main__":
    sys.exit({"ingest": ingest, "worker": worker, "web": web}[sys.argv[1]]())
