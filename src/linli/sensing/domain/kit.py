"""Kits (传感器套件): which metrics devices of a kind send, and under which rules."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linli.kernel.errors import Invalid
from linli.kernel.level import Level
from linli.sensing.domain import counter, rule_text

CODE: Final = re.compile(r"[^\s/+#*>$\x00-\x20\x7f][^\s/+#*>\x00-\x20\x7f]{0,59}")
METRIC: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
LONGEST_HEARTBEAT_S: Final = 31 * 86400
MOST_MISSED: Final = 100
RESERVED: Final = frozenset({"ts", "n", "b"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule as the presets write it; checked by `rule_text.parse`."""

    name: str
    name_zh: str
    name_en: str
    category: str
    case_from_level: str
    definition: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KitRow:
    """One metric of a kit as the presets write it (套件指标).

    Attributes:
        unit, ucum: the unit as people read it, and its code in UCUM.
        range: the least and the greatest value that can be true; None = not known.
        sampling_s: how often it comes; None = with every heartbeat, unless it is `occasional`.
        may_stay_s: how long one value may stand although it should vary; None = for ever.
        wraps_at: of a metric that counts up, where it begins from 0 again; None = it is no counter.
        base_line_zh, base_line_en: what an installer writes down as base-line; "" where no mark counts from one.
    """

    kit: str
    metric: str
    name_zh: str
    name_en: str
    unit: str
    ucum: str
    rule: RuleRow | None
    scheme: str
    version: str
    source: str
    verified: bool
    range: Sequence[float] | None = None
    sampling_s: float | None = None
    occasional: bool = False
    may_stay_s: float | None = None
    wraps_at: float | None = None
    base_line_zh: str = ""
    base_line_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """How devices of a kit behave when they are well, as the presets write it (设备画像); see `models.Kit`."""

    kit: str
    name_zh: str
    name_en: str
    heartbeat_s: float
    missed_heartbeats: int
    battery: str
    fault_category: str
    fault_case_after_s: float
    scheme: str
    version: str
    source: str
    verified: bool


def parse(row: Mapping[str, Any]) -> KitRow:
    """Return a preset's row of a metric, checked (读取套件行).

    Raises: Invalid if the metric or the rule cannot be used; KeyError or TypeError if a field is missing or extra.
    """
    rule = row["rule"]
    read = KitRow(**{**row, "rule": rule and RuleRow(**rule)})
    check_metric(read.metric)
    counter.check_wrap(read.wraps_at)
    if read.rule:
        judged = rule_text.parse(read.rule.definition)
        if any(mark.over_base for mark in judged.marks) and not (read.base_line_zh and read.base_line_en):
            raise Invalid("sensing.bad_rule", "This rule cannot be used: {problem}.", field="base_line_zh",
                          problem=f"{read.metric} must say what its base-line is")
        Level.from_word(read.rule.case_from_level)
        if read.range is not None and [judged.least, judged.greatest] != list(read.range):
            raise Invalid("sensing.bad_rule", "This rule cannot be used: {problem}.", field="range",
                          problem=f"{read.metric} and its rule must have the same range")  # fmt: skip
    return read


def read_file(rows: Iterable[Mapping[str, Any]]) -> tuple[list[ProfileRow], list[KitRow]]:
    """Return the profile, if there is one, and the metrics of a kit's file (读取套件)."""
    listed = list(rows)
    return ([profile(row) for row in listed if "metric" not in row], [parse(row) for row in listed if "metric" in row])


def profile(row: Mapping[str, Any]) -> ProfileRow:
    """Return a preset's row of a profile, checked (读取画像)."""
    read = ProfileRow(**row)
    check_profile(read.heartbeat_s, read.missed_heartbeats, read.fault_case_after_s)
    return read


def check_profile(heartbeat_s: float, missed_heartbeats: int, fault_case_after_s: float) -> None:
    """Refuse times by which no device could be told well or ill (画像取值)."""
    if not (1 <= heartbeat_s <= LONGEST_HEARTBEAT_S and 1 <= missed_heartbeats <= MOST_MISSED
            and 0 <= fault_case_after_s <= LONGEST_HEARTBEAT_S):
        raise Invalid("sensing.bad_profile", "A heartbeat comes every second to every 31 days, 1 to 100 of them may be"
                      " missed, and a case follows within 31 days.", field="heartbeat_s")


def check_metric(metric: str) -> None:
    """Refuse a metric's name that messages could not carry (指标名)."""
    if not METRIC.fullmatch(metric) or metric in RESERVED:
        raise Invalid("sensing.bad_metric", "A metric is a lower-case word of letters, digits and _, not ts, n or b.",
                      field="metric")  # fmt: skip


def check_gateway(gateway: str) -> None:
    """Refuse a gateway's name that is none (网关编号); empty = it speaks for itself."""
    if gateway and not CODE.fullmatch(gateway):
        raise Invalid("sensing.bad_gateway", "A gateway's code has up to 60 characters without spaces or / + # * >.",
                      field="gateway")  # fmt: skip


def check_code(code: str) -> None:
    """Refuse a device's name that a topic could not carry (设备编号).

    Space would cut the connection, / + # * and > have a meaning of their own in topics and subjects.
    """
    if not CODE.fullmatch(code):
        raise Invalid("sensing.bad_code", "A device's code has up to 60 characters without spaces or / + # * > and"
                      " does not begin with $.", field="code")  # fmt: skip
