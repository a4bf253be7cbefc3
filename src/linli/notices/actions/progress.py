from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.notices.models import Told

_MOVE = """
UPDATE notices_told SET upto = now.upto FROM unnest(%s::text[], %s::bigint[]) AS now (subject, upto)
WHERE notices_told.subject = now.subject
"""


@contextmanager
def news_from(subjects: Collection[str]) -> Iterator[dict[str, int]]:
    """Hold the telling about these things (告知进度): what comes after each one's number is still to be told.

    Whoever tells sets the number to how far it has come now. Two deliveries of the same event wait for one
    another; a later step is never told before an earlier one.
    """
    with transaction.atomic(), audit.acting(Actor.system("notices")):
        Told.objects.bulk_create([Told(subject=each) for each in sorted(subjects)], ignore_conflicts=True)
        held = Told.objects.select_for_update().filter(pk__in=subjects).order_by("pk")
        before = dict(held.values_list("subject", "upto"))
        news = dict(before)
        yield news
        if further := {subject: upto for subject, upto in news.items() if upto > before[subject]}:
            with connection.cursor() as cursor:
                cursor.execute(_MOVE, [list(further), list(further.values())])
