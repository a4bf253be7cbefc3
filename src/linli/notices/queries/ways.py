from dataclasses import dataclass
from datetime import time
from urllib.parse import urlsplit

from linli.kernel.errors import Invalid
from linli.notices.domain.addresses import masked
from linli.notices.domain.channels import Channel
from linli.notices.models import Way
from linli.notices.queries import sealing


@dataclass(frozen=True, slots=True)
class Shown:
    """A way as its owner sees it again (已设渠道): masked, with its quiet hours."""

    shown: str
    quiet_from: time
    quiet_to: time


def ways_of(user_id: int) -> dict[Channel, Shown]:
    """Return how this person is reached, by channel (我的渠道)."""
    rows = Way.objects.filter(user_id=user_id)
    return {Channel(row.channel): Shown(_shown(row), row.quiet_from, row.quiet_to) for row in rows}


def _shown(way: Way) -> str:
    try:
        address = sealing.of_way(way)
    except Invalid:
        return "****"
    return f"{urlsplit(address).hostname}/…" if way.channel == Channel.WEBHOOK.value else masked(address)
