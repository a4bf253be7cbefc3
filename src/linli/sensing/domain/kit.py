"""Kits (传感器套件): which metrics devices of a kind send, and under which rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from linli.kernel.errors import Invalid
from linli.kernel.level import Level
from linli.sensing.domain import threshold

CODE: Final = re.compile(r"[^\s/+#*>$\x00-\x20\x7f][^\s/+#*>\x00-\x20\x7f]{0,59}")
METRIC: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
RESERVED: Final = frozenset({"ts", "n", "b"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule as the presets write it; checked by `threshold.parse`."""

    name: str
    name_zh: str
    name_en: str
    category: str
    case_from_level: str
    definition: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KitRow:
    """One metric of a kit as the presets write it (套件指标)."""

    kit: str
    metric: str
    name_zh: str
    name_en: str
    unit: str
    rule: RuleRow | None
    scheme: str
    version: str
    source: str
    verified: bool


def parse(row: Mapping[str, Any]) -> KitRow:
    """Return a preset's row, checked (读取套件行).

    Raises: Invalid if the metric or the rule cannot be used; KeyError or TypeError if a field is missing or extra.
    """
    rule = row["rule"]
    read = KitRow(**{**row, "rule": rule and RuleRow(**rule)})
    check_metric(read.metric)
    if read.rule:
        threshold.parse(read.rule.definition)
        Level.from_word(read.rule.case_from_level)
    return read


def check_metric(metric: str) -> None:
    """Refuse a metric's name that messages could not carry (指标名)."""
    if not METRIC.fullmatch(metric) or metric in RESERVED:
        raise Invalid("sensing.bad_metric", "A metric is a lower-case word of letters, digits and _, not ts, n or b.",
                      field="metric")  # fmt: skip


def check_code(code: str) -> None:
    """Refuse a device's name that a topic could not carry (设备编号).

    Space would cut the connection, / + # * and > have a meaning of their own in topics and subjects.
    """
    if not CODE.fullmatch(code):
        raise Invalid("sensing.bad_code", "A device's code has up to 60 characters without spaces or / + # * > and"
                      " does not begin with $.", field="code")  # fmt: skip
