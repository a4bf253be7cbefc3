"""`linli_ingest` as it is, which writes down its stopwatch when it gets SIGUSR1 (带秒表的接入).

`python -m linli_run.bench.watched_ingest FILE`
"""

import json
import signal
import sys
import threading
from pathlib import Path

from linli_ingest import __main__ as ingest
from linli_ingest import worker


class WatchedWorker(worker.Worker):
    """The worker, asked from outside where its time went."""

    def __init__(self, database_url: str, nats_url: str, stop: threading.Event) -> None:
        super().__init__(database_url, nats_url, stop)
        signal.signal(signal.SIGUSR1, lambda *_: self._write_down())

    def _write_down(self) -> None:
        book = Path(sys.argv[1])
        told = {"spent": self.watch.spent, "messages": self.messages, "batches": self.batches}
        fresh = book.with_suffix(".new")
        fresh.write_text(json.dumps(told), "utf-8")
        fresh.replace(book)


def main() -> int:
    """Run the program that `linli ingest` runs."""
    worker.Worker = WatchedWorker  # type: ignore[misc]
    return ingest.main()


if __name__ == "__main__":
    sys.exit(main())
