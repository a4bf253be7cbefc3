from datetime import datetime

from django.db.models import Min

from linli.audit import actions as audit
from linli.cases.models import CaseTimer
from linli.kernel.actor import Actor


def timers_late_s(now: datetime) -> float:
    """Return by how many seconds the oldest timer that ought to have fired is late (计时延迟), 0 if none is."""
    with audit.acting(Actor.system("cases")):
        oldest = CaseTimer.objects.filter(fired_at=None, due_at__lte=now, case__merged_into=None).aggregate(
            oldest=Min("due_at"))["oldest"]
    return (now - oldest).total_seconds() if oldest else 0.0
