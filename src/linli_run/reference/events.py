"""Events (事件): what each room announces, and who hears of it."""

from dataclasses import fields
from importlib import import_module

from linli.kernel.event import Event
from linli_run.reference import markdown, source


def announced() -> list[type[Event]]:
    """Return every event of every room, by name (全部事件)."""
    found: list[type[Event]] = []
    for path in sorted((source.SRC / "linli").glob("*/events.py")):
        module = import_module(f"linli.{path.parent.name}.events")
        found += [kind for kind in vars(module).values() if _is_event_of(kind, module.__name__)]
    return sorted(found, key=lambda event: event.name())


def write() -> str:
    """Return the page of events."""
    heard = source.subscriptions()
    rows = (
        (markdown.code(event.name()), markdown.first_sentence(event.__doc__),
         ", ".join(markdown.code(field.name) for field in fields(event)),
         ", ".join(map(markdown.code, heard.get(event.__name__, []))) or "nobody yet")
        for event in announced()
    )  # fmt: skip
    return markdown.page(
        "Events",
        "An event is written in the transaction that caused it and delivered at least once, in no promised order. It"
        " carries ids only. All subscriptions stand in `linli.config.wiring`.",
        markdown.table(("event", "says", "carries", "heard by"), rows),
    )


def _is_event_of(kind: object, module: str) -> bool:
    return isinstance(kind, type) and issubclass(kind, Event) and kind is not Event and kind.__module__ == module
