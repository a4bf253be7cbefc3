"""Stored words in the reader's language (用语)."""


from django.utils.translation import ngettext

from linli.calendar.domain.units import LimitUnit
from linli.cases.domain.limits import Limit


def limit_words(limit: Limit | None) -> str:
    """Return a limit in words (时限): 2 紧急工作时; the statutory names are never rewritten."""
    if limit is None:
        return ""
    if limit.unit is LimitUnit.EMERGENCY_HOUR:
        said = ngettext("{amount} emergency hour", "{amount} emergency hours", limit.amount)
    elif limit.unit is LimitUnit.EMERGENCY_DAY:
        said = ngettext("{amount} emergency day", "{amount} emergency days", limit.amount)
    elif limit.unit is LimitUnit.NATURAL_DAY:
        said = ngettext("{amount} calendar day", "{amount} calendar days", limit.amount)
    elif limit.unit is LimitUnit.WORKING_HOUR:
        said = ngettext("{amount} working hour", "{amount} working hours", limit.amount)
    else:
        said = ngettext("{amount} working day", "{amount} working days", limit.amount)
    return said.format(amount=limit.amount)
