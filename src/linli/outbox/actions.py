from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

from procrastinate.contrib.django import app
from procrastinate.jobs import JobDeferrer

from linli.kernel.event import Event

Handler = Callable[[Any], None]
QUEUE: Final = "outbox"
AHEAD: Final = 10  # a higher priority is fetched first
IN_TURN: Final = 0
_handlers: dict[str, list[Handler]] = {}
_events: dict[str, type[Event]] = {}
_ahead: set[Handler] = set()


def subscribe(event: type[Event], *handlers: Handler, ahead: bool = False) -> None:
    """Let `handlers` hear of every `event` from now on (订阅). Said in `config/wiring.py` only.

    Args:
        ahead: they are handed their facts before all others that wait; for what people watch as it happens.
    """
    _events[event.name()] = event
    known = _handlers.setdefault(event.name(), [])
    known += [handler for handler in handlers if handler not in known]
    if ahead:
        _ahead.update(handlers)


def publish(event: Event) -> None:
    """Announce a fact (发布事件): one job for each handler, written in the caller's transaction.

    Nothing is sent if the transaction is rolled back; after the commit each handler hears of
    it at least once, in no promised order.
    """
    publish_all([event])


def publish_all(events: Sequence[Event]) -> None:
    """Announce many facts of one kind as `publish` does each, by one statement (批量发布)."""
    if not events:
        return
    name = events[0].name()
    jobs = [_queued(handler).make_new_job(event=name, handler=path(handler), facts=asdict(event))
            for event in events for handler in _handlers.get(name, [])]
    if jobs:
        app.job_manager.batch_defer_jobs(jobs)


def deliver(event: str, handler: str, facts: dict[str, Any]) -> None:
    """Hand one fact to one handler (投递).

    Raises: LookupError if nobody of that name is subscribed (a job from before a change of
        wiring); it is retried and ends among the dead letters, where somebody sees it.
    """
    for candidate in _handlers.get(event, []):
        if path(candidate) == handler:
            candidate(_events[event](**facts))
            return
    raise LookupError(f"no handler {handler} for {event}")


def path(handler: Handler) -> str:
    """Return the name by which a handler is known in the queue."""
    return f"{handler.__module__}.{handler.__qualname__}"


def _queued(handler: Handler) -> JobDeferrer:
    return app.configure_task("outbox.deliver", queue=QUEUE, priority=AHEAD if handler in _ahead else IN_TURN)
