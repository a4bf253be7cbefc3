"""A rule as sentences (规则成句)."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.kernel.level import Level
from linli.sensing.domain.threshold import Direction, Mark
from linli.sensing.domain.value import written
from linli.sensing.pages.measured import Measured
from linli.web.templatetags.words import span


@dataclass(frozen=True, slots=True)
class Sentence:
    """When one level begins, and when it ends."""

    level: Level
    begins: SafeString
    ends: SafeString


def sentences(stream: Measured) -> list[Sentence]:
    """Return what the rule of a datastream says, the gravest level first; nothing if it has no rule."""
    rule = stream.threshold
    if rule is None:
        return []
    above = rule.direction is Direction.ABOVE
    return [_sentence(mark, stream, above=above) for mark in reversed(rule.marks)]


def _sentence(mark: Mark, stream: Measured, *, above: bool) -> Sentence:
    enters = _("{name} at {value} or above") if above else _("{name} at {value} or below")
    leaves = _("below {value}") if above else _("above {value}")
    begins = format_html(enters, name=stream.name, value=_slot(mark.enter, stream.unit))
    ends = format_html(leaves, value=_slot(mark.leave, stream.unit))
    return Sentence(mark.level, begins + _held(mark.enter_hold_s), ends + _held(mark.leave_hold_s))


def _held(hold_s: float) -> SafeString:
    if not hold_s:
        return SafeString("")
    return SafeString(" ") + format_html(_("for {span}"), span=format_html('<b class="slot">{}</b>', span(hold_s)))


def _slot(value: float, unit: str) -> SafeString:
    return format_html('<b class="slot">{}</b>', f"{written(value)} {unit}".strip())
