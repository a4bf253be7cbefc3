"""`python -m linli_ingest`: ingest until SIGTERM (启动接入)."""

import logging
import os
import signal
import sys
import threading


def main() -> int:
    """Run with `DATABASE_INGEST_URL` and `NATS_URL` from the environment."""
    missing = [name for name in ("DATABASE_INGEST_URL", "NATS_URL") if not os.environ.get(name)]
    if missing:
        print(f"linli ingest: {' and '.join(missing)} not set.", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    from linli_ingest.worker import Worker

    Worker(os.environ["DATABASE_INGEST_URL"], os.environ["NATS_URL"], stop).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
