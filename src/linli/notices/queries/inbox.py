from dataclasses import dataclass
from datetime import datetime

from linli.kernel.actor import Actor
from linli.notices.domain.templates import Said
from linli.notices.models import Notice
from linli.notices.queries.texts import say


@dataclass(frozen=True, slots=True)
class Line:
    """One notice of the inbox, in the reader's language (收件箱一行)."""

    id: int
    said: Said
    urgent: bool
    link: str
    made_at: datetime
    is_read: bool


def inbox(actor: Actor, language: str, *, first: int, most: int) -> list[Line]:
    """Return this person's notices, the newest first (我的通知), from the `first` one on."""
    rows = Notice.objects.of(actor.ref)[first:first + most]
    return [Line(row.pk, said, row.urgent, row.link, row.made_at, row.read_at is not None)
            for row in rows if (said := say(row.template, row.facts, language))]


def unread(actor: Actor) -> int:
    """Return how many notices this person has not read (未读数), under a scope that sees them."""
    return Notice.objects.of(actor.ref).unread().count()
