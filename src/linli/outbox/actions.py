from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

from procrastinate.contrib.django import app

from linli.kernel.event import Event

Handler = Callable[[Any], None]
QUEUE: Final = "outbox"
_handlers: dict[str, list[Handler]] = {}
_events: dict[str, type[Event]] = {}


def subscribe(event: type[Event], *handlers: Handler) -> None:
    """Let `handlers` hear of every `event` from now on (订阅). Said in `config/wiring.py` only."""
    _events[event.name()] = event
    known = _handlers.setdefault(event.name(), [])
    known += [handler for handler in handlers if handler not in known]


def publish(event: Event) -> None:
    """Announce a fact (发布事件): one job for each handler, written in the caller's transaction.

    Nothing is sent if the transaction is rolled back; after the commit each handler hears of
    it at least once, in no promised order.
    """
    handlers = _handlers.get(event.name(), [])
    if handlers:
        facts = asdict(event)
        jobs: list[dict[str, Any]] = [{"event": event.name(), "handler": path(h), "facts": facts} for h in handlers]
        app.configure_task("outbox.deliver", queue=QUEUE).batch_defer(*jobs)


def publish_all(events: Sequence[Event]) -> None:
    """Announce many facts of one kind as `publish` does each, by one statement."""
    if events:
        name = events[0].name()
        jobs: list[dict[str, Any]] = [{"event": name, "handler": path(handler), "facts": asdict(event)}
                                      for event in events for handler in _handlers.get(name, [])]
        if jobs:
            app.configure_task("outbox.deliver", queue=QUEUE).batch_defer(*jobs)


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
