"""What the page of a link says of the contact for news (进展通知): the one that was left, or what may be left."""

from typing import Any

from django.conf import settings

from linli.notices import queries
from linli.notices.domain.addresses import Kind


def offered(report_id: int, *, typed: str = "", error: str = "") -> dict[str, Any]:
    """Return what the page says of the contact for news: the one that was left, masked, or what may be left."""
    kinds = queries.reached_by()
    return {"news": {"left": queries.contact_of(f"report:{report_id}"), "phone": Kind.PHONE in kinds,
                     "email": Kind.EMAIL in kinds, "days": settings.LINLI_CONTACT_DAYS, "typed": typed, "error": error}}
