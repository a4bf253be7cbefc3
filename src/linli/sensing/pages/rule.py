"""A rule as sentences (规则成句)."""

import math
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
    if mark.over_base:
        enters, leaves = _over_base(enters), _over_base(leaves)
    begins = format_html(enters, name=stream.name, value=_slot(mark.enter, stream.unit))
    ends = format_html(leaves, value=_slot(mark.leave, stream.unit))
    return Sentence(mark.level, begins + _held(mark.enter_hold_s), ends + _held(mark.leave_hold_s))


def conditions(stream: Measured) -> list[str]:
    """Return what else the rule says of its readings (判定前提): the base-line, the bit, what can be true, the gap."""
    rule = stream.threshold
    if rule is None:
        return []
    said = []
    if any(mark.over_base for mark in rule.marks):
        said.append(_("The base-line of this device is not known: marks counted from it do not speak.")
                    if stream.base_line is None else
                    _("The base-line of this device is {value}.").format(value=_with(stream.base_line, stream.unit)))
    if rule.bit is not None:
        said.append(_("Judged is bit {n} of the value.").format(n=rule.bit))
    if math.isfinite(rule.least) and rule.bit is None:
        said.append(_("A value below {least} or above {greatest} cannot be true and is not judged.").format(
            least=written(rule.least), greatest=_with(rule.greatest, stream.unit)))
    if math.isfinite(rule.enter_gap_s) and any(mark.enter_hold_s for mark in rule.marks):
        said.append(_("More than {span} without a reading does not count as lasting.").format(
            span=span(rule.enter_gap_s)))
    return said


def _over_base(sentence: str) -> str:
    return sentence.replace("{value}", str(_("the base-line plus {value}")))


def _with(value: float, unit: str) -> str:
    return f"{written(value)} {unit}".strip()


def _held(hold_s: float) -> SafeString:
    if not hold_s:
        return SafeString("")
    return SafeString(" ") + format_html(_("for {span}"), span=format_html('<b class="slot">{}</b>', span(hold_s)))


def _slot(value: float, unit: str) -> SafeString:
    return format_html('<b class="slot">{}</b>', _with(value, unit))
