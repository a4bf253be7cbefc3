from datetime import datetime

from linli.sensing.domain.refusal import Refusal
from linli.sensing.models import DeviceStatus, QuarantineCount


def ahead_of_ours(since: datetime, until: datetime) -> tuple[int, int]:
    """Return how many devices were refused for times still to come, and how many were heard at all (超前设备数)."""
    ahead = QuarantineCount.objects.filter(reason=Refusal.IN_FUTURE.value, last_at__gt=since, last_at__lte=until)
    heard = DeviceStatus.objects.filter(seen_at__gt=since, seen_at__lte=until)
    return ahead.count(), heard.count()
