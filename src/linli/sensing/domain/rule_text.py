"""Rules as they are written (规则文本): a JSON object becomes a rule, or an answer to what is wrong with it."""

import itertools
import math
from collections.abc import Mapping
from typing import Any, Final

from linli.kernel.errors import Invalid
from linli.kernel.level import Level
from linli.sensing.domain.threshold import LEVELS, MOST_BITS, Direction, Mark, Threshold

LONGEST_HOLD_S: Final = 30 * 86400
HOLDS: Final = ("enter_hold_s", "leave_hold_s")
FIELDS: Final = {"kind", "direction", "levels", "range", "bit", "enter_gap_s", "leave_gap_s"}
MARK_FIELDS: Final = {"level", "enter", "leave", "over_base", *HOLDS}


def parse(definition: object) -> Threshold:
    """Return the rule written as a JSON object, or say what is wrong with it (解析规则).

    Example: `{"kind": "threshold", "direction": "above", "range": [0, 90], "enter_gap_s": 30, "levels": [{"level":
    "yellow", "enter": 10, "leave": 8, "enter_hold_s": 30, "leave_hold_s": 60}]}`; also `"bit": 3` of the whole rule
    and `"over_base": true` of a mark. Without a gap any time between two readings counts as held.

    Raises: Invalid.
    """
    if not isinstance(definition, Mapping) or definition.get("kind") != "threshold":
        raise _invalid("a threshold rule is an object of kind \"threshold\"")
    _know_fields(definition, FIELDS)
    if definition.get("direction") not in list(Direction):
        raise _invalid("direction must be above or below")
    levels = definition.get("levels")
    if not isinstance(levels, list) or not 1 <= len(levels) <= LEVELS:
        raise _invalid("levels must be a list of one to four marks")
    bit = _bit(definition.get("bit"))
    least, greatest = _range(definition, bit)
    rule = Threshold(
        Direction(definition["direction"]),
        tuple(sorted((_mark(entry) for entry in levels), key=lambda mark: mark.level)),
        _gap(definition, "enter_gap_s"), _gap(definition, "leave_gap_s"), least, greatest, bit,
    )  # fmt: skip
    _check_order(rule)
    return rule


def marks_of(definition: Mapping[str, Any]) -> tuple[Mark, ...]:
    """Return the marks by which values are judged (判级界限): none for a rule that judges something else."""
    return parse(definition).marks if definition.get("kind") == "threshold" else ()


def _mark(entry: object) -> Mark:
    words = {level.word: level for level in Level if level}
    if not isinstance(entry, Mapping) or entry.get("level") not in words:
        raise _invalid("each mark names its level: blue, yellow, orange or red")
    _know_fields(entry, MARK_FIELDS)
    numbers = {name: _number(entry, name) for name in ("enter", "leave")}
    numbers |= {name: _number(entry, name, 0.0) for name in HOLDS}
    if not all(0 <= numbers[name] <= LONGEST_HOLD_S for name in HOLDS):
        raise _invalid("a hold lasts between 0 seconds and 30 days")
    over_base = entry.get("over_base", False)
    if not isinstance(over_base, bool):
        raise _invalid("over_base must be true or false")
    return Mark(level=words[entry["level"]], over_base=over_base, **numbers)


def _gap(definition: Mapping[str, Any], name: str) -> float:
    if name not in definition:
        return math.inf
    gap_s = _number(definition, name)
    if not 0 < gap_s <= LONGEST_HOLD_S:
        raise _invalid("a gap lasts more than 0 seconds and up to 30 days")
    return gap_s


def _bit(bit: object) -> int | None:
    if bit is not None and (isinstance(bit, bool) or not isinstance(bit, int) or not 0 <= bit <= MOST_BITS):
        raise _invalid(f"bit must be a whole number from 0 to {MOST_BITS}")
    return bit


def _range(definition: Mapping[str, Any], bit: int | None) -> tuple[float, float]:
    bounds = definition.get("range", [0, 2 ** (MOST_BITS + 1) - 1] if bit is not None else [-math.inf, math.inf])
    if not isinstance(bounds, list) or len(bounds) != 2:
        raise _invalid("range is a list of the least and the greatest value")
    if "range" in definition:
        bounds = [_number({"range": bound}, "range") for bound in bounds]
    if not bounds[0] < bounds[1] or (bit is not None and (bounds[0] < 0 or bounds[1] >= 2 ** (MOST_BITS + 1))):
        raise _invalid("range goes from the least value up to the greatest, for bits from 0 on")
    return float(bounds[0]), float(bounds[1])


def _number(entry: Mapping[str, Any], name: str, default: float | None = None) -> float:
    number = entry.get(name, default)
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
        raise _invalid(f"{name} must be a number")
    return float(number)


def _know_fields(entry: Mapping[str, Any], known: set[str]) -> None:
    if strange := sorted(str(name) for name in set(entry) - known):
        raise _invalid(f"{strange[0]} is not known")


def _check_order(rule: Threshold) -> None:
    for mark in rule.marks:
        if rule.sign * mark.leave >= rule.sign * mark.enter:
            raise _invalid("leave must lie on the safe side of enter")
    for milder, graver in itertools.pairwise(rule.marks):
        if milder.level == graver.level:
            raise _invalid("a level may be named once")
    for milder, graver in itertools.combinations(rule.marks, 2):
        if milder.over_base == graver.over_base and rule.sign * graver.enter < rule.sign * milder.enter:
            raise _invalid("a graver level may not be entered before a milder one")


def _invalid(problem: str) -> Invalid:
    return Invalid("sensing.bad_rule", "This rule cannot be used: {problem}.", field="definition", problem=problem)
