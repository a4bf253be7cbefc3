"""The trail as it is read (审计查阅): of one thing, or of what somebody looks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linli.audit.models import Entry, Seal

AFTER_DOT: Final = "/"  # the character after ".": every deed of a room lies between the two


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for (检索条件); an empty text and None stand for any.

    Attributes:
        actor: such as `user:7` or `system:alerts`.
        deed: one deed such as `cases.close`, or a room such as `cases` for all of its deeds.
        target: such as `case:12`.
        since, until: moments; `until` itself is not included.
    """

    actor: str = ""
    deed: str = ""
    target: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry and its link in the chain (审计行); `number` None = not sealed yet."""

    entry: Entry
    number: int | None


def entries_of(target: str) -> list[Entry]:
    """Return the trail of one thing (审计轨迹), oldest first."""
    return list(Entry.objects.filter(target=target).order_by("id"))


def lines(wanted: Wanted, *, before: int | None, at_most: int) -> list[Line]:
    """Return the newest entries that are wanted, older than the entry `before`, by two queries."""
    found = Entry.objects.all()
    if wanted.actor:
        found = found.filter(actor=wanted.actor)
    if wanted.target:
        found = found.filter(target=wanted.target)
    if "." in wanted.deed:
        found = found.filter(deed=wanted.deed)
    elif wanted.deed:
        found = found.filter(deed__gt=f"{wanted.deed}.", deed__lt=f"{wanted.deed}{AFTER_DOT}")
    if wanted.since:
        found = found.filter(at__gte=wanted.since)
    if wanted.until:
        found = found.filter(at__lt=wanted.until)
    if before is not None:
        found = found.filter(id__lt=before)
    entries = list(found.order_by("-id")[:at_most])
    numbers = dict(Seal.objects.filter(entry__in=entries).values_list("entry_id", "number"))
    return [Line(entry, numbers.get(entry.pk)) for entry in entries]
