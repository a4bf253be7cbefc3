from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Q

from linli.cases import queries as cases
from linli.cases.domain.workflow import OPEN
from linli.command.domain.figures import Choice, Kind
from linli.command.domain.waiting import SEVERE_FROM, URGENT, commanded
from linli.kernel.actor import Actor

ENDED_WITHIN: Final = timedelta(hours=1)
OPEN_ALERT: Final = Q(cleared_at=None)
OPEN_CASE: Final = Q(state__in=sorted(OPEN), merged_into=None)
NOTHING: Final = Q(pk__in=[])


def chosen(choice: Choice, now: datetime) -> Q:
    """Return the condition of a choice (筛选条件): the one that its number counts and its list shows."""
    if choice.kind is Kind.ALERT:
        return OPEN_ALERT & Q(level=choice.level.word) if choice.level else OPEN_ALERT
    condition = OPEN_CASE & Q(state=choice.state.value) if choice.state else OPEN_CASE
    if choice.late:
        condition &= late(now)
    return condition & near(now) if choice.near else condition


def late(now: datetime) -> Q:
    """Return: past the limit while the unit is still at it (超时)."""
    return Q(due_at__lt=now, handled_at=None)


def near(now: datetime) -> Q:
    """Return: past 80 % of the limit, but not past it (将超时)."""
    return Q(due_at__gte=now, near_at__lte=now, handled_at=None)


def waiting(actor: Actor, now: datetime) -> Q:
    """Return: open and waiting for this actor (等你决定): in a queue of its posts, or for who commands the area."""
    urgent = Q(state__in=sorted(URGENT), level_rank__gte=SEVERE_FROM.value) | late(now)
    areas = (Q(area_code__startswith=area) for area in sorted(commanded(actor)))
    return OPEN_CASE & (cases.waits_for(actor, now=now) | urgent & reduce(or_, areas, NOTHING))


def ended_lately(field: str, now: datetime) -> Q:
    """Return: `field` (cleared_at, closed_at) lies within the last hour (刚解除)."""
    return Q(**{f"{field}__gt": now - ENDED_WITHIN})
