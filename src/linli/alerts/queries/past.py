from datetime import datetime

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from linli.alerts.models import Alert, AlertQuerySet, Trace
from linli.kernel.level import Level

_PEAK = Case(*(When(peak_level=level.word, then=Value(level.value)) for level in Level))


def open_at(alerts: AlertQuerySet, at: datetime) -> QuerySet[Alert]:
    """Keep the alerts that were known and not cleared at `at` (彼时的预警), each with `level_then` and `value_then`.

    Both are those of the last exceedance that had been taken in by then. An alert that none moved, such as
    one about a silent device, has had but one level.
    """
    known = Trace.objects.filter(alert=OuterRef("pk"), taken_at__lte=at).order_by("-exceedance")
    found = alerts.filter(Q(cleared_at=None) | Q(cleared_at__gt=at), noticed_at__lte=at)
    return found.annotate(
        level_then=Coalesce(Subquery(known.values("level_to")[:1]), _PEAK),
        value_then=Coalesce(Subquery(known.values("value")[:1]), "value"),
    ).filter(level_then__gt=0)
