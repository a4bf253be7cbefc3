from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.notices.models import Told


class News:
    """How far the telling about one thing had come; `upto` is set to how far it has come now."""

    def __init__(self, upto: int) -> None:
        self.upto = upto


@contextmanager
def news_from(subject: str) -> Iterator[News]:
    """Hold the telling about one thing (告知进度): what comes after `upto` is still to be told.

    Two deliveries of the same event wait for one another; a later step is never told before an earlier one.
    """
    with transaction.atomic(), audit.acting(Actor.system("notices")):
        Told.objects.bulk_create([Told(subject=subject)], ignore_conflicts=True)
        told = Told.objects.select_for_update().get(pk=subject)
        news = News(told.upto)
        yield news
        if news.upto > told.upto:
            Told.objects.filter(pk=subject).update(upto=news.upto)
