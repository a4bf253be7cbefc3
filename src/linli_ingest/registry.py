"""The registry as the hot path keeps it (登记快照): devices by subject, datastreams by slot, rules as columns."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray

from linli.kernel.errors import Invalid
from linli.sensing.domain import rule_text, threshold
from linli.sensing.domain.threshold import State, Threshold
from linli.sensing.domain.threshold_batch import NO_RULE, Marks, Streams
from linli_ingest.batch import subject_for
from linli_ingest.device import Device

log = logging.getLogger(__name__)

_STREAMS: Final = """
    SELECT t.code, d.id, d.metric, d.rule_id, d.base_line, t.kit
    FROM sensing_thing t LEFT JOIN sensing_datastream d ON d.thing_id = t.id
    WHERE t.adopted_at IS NOT NULL ORDER BY d.id
"""
_ADOPTED: Final = "SELECT 1 FROM sensing_thing WHERE code = ANY(%s) AND adopted_at IS NOT NULL LIMIT 1"
_RULES: Final = """
    SELECT id, version, definition FROM sensing_rule WHERE definition->>'kind' = 'threshold' ORDER BY id
"""
_RECEIPTS: Final = "SELECT device, session, acked_n FROM receipt WHERE device = ANY(%s) ORDER BY at"
_STATES: Final = """
    SELECT datastream, rule_id, rule_version, levels_on, pending FROM rule_state WHERE datastream = ANY(%s)
"""
_NEWEST: Final = """
    SELECT w.id, (extract(epoch FROM coalesce(n.ts, l.ts)) * 1000000)::int8, n.value, n.ts > coalesce(l.ts, '-infinity')
    FROM unnest(%s::int4[]) AS w (id) LEFT JOIN latest l ON l.datastream = w.id
    LEFT JOIN LATERAL (
      SELECT o.ts, o.value FROM observation o
      WHERE o.datastream = w.id AND o.ts >= coalesce(l.ts, '-infinity') ORDER BY o.ts DESC LIMIT 1) n ON true
    WHERE n.ts IS NOT NULL OR l.ts IS NOT NULL
"""


class RuleKey(NamedTuple):
    """One version of one rule."""

    id: int
    version: int


class Newest(NamedTuple):
    """The newest reading of a slot, found in the database but not yet among the latest values."""

    slot: int
    at_us: int
    value: float


@dataclass(slots=True)
class Registry:
    """Everything known of adopted devices.

    Attributes:
        devices: by the subject of their telemetry.
        datastreams: shape (slots,), the datastream of each slot; slots are never given away again.
        streams, marks: see `threshold_batch`; row r of `marks` is `rules[r]`.
        unshown: newest readings that the table of latest values does not show yet.
    """

    devices: dict[bytes, Device] = field(default_factory=dict)
    datastreams: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    streams: Streams = field(default_factory=lambda: Streams(0))
    marks: Marks = field(default_factory=lambda: Marks.of([]))
    rules: list[RuleKey] = field(default_factory=list)
    unshown: list[Newest] = field(default_factory=list)

    def rule_of(self, slot: int) -> RuleKey | None:
        """Return the rule a slot stands under."""
        row = int(self.streams.rule[slot])
        return None if row == NO_RULE else self.rules[row]


def load(line: psycopg.Connection[Any], before: Registry | None = None) -> Registry:
    """Read the registry (载入登记); what `before` remembers of its datastreams and receipts is kept.

    A rule that cannot be used is left out and logged, and what stood under it stays as it is.
    """
    before = before or Registry()
    rows = line.execute(_STREAMS).fetchall()
    thresholds = dict(_rules(line))
    slots = {int(datastream): slot for slot, datastream in enumerate(before.datastreams)}
    fresh = [row[1] for row in rows if row[1] is not None and row[1] not in slots]
    slots |= {datastream: len(slots) + at for at, datastream in enumerate(fresh)}
    registry = Registry(
        datastreams=np.fromiter(slots, np.int32, len(slots)), streams=_grown(before.streams, len(slots)),
        marks=Marks.of(list(thresholds.values())), rules=list(thresholds),
    )  # fmt: skip
    _gather_devices(registry, rows, slots, _receipts(line, before, {row[0] for row in rows}))
    newest = _newest(line, fresh, slots)
    registry.unshown = [one for one, is_shown in newest if not is_shown]
    for one, _ in newest:
        registry.streams.last_us[one.slot] = one.at_us
    _set_rules(registry, before, rows, slots, thresholds, _states(line, fresh))
    line.commit()
    return registry


def knows_any(line: psycopg.Connection[Any], codes: list[str]) -> bool:
    """Return whether one of these devices has been adopted, news of it still on the way (查新设备)."""
    found = line.execute(_ADOPTED, [codes]).fetchone()
    line.commit()
    return found is not None


def _rules(line: psycopg.Connection[Any]) -> Iterable[tuple[RuleKey, Threshold]]:
    for rule_id, version, definition in line.execute(_RULES).fetchall():
        try:
            yield RuleKey(rule_id, version), rule_text.parse(definition)
        except Invalid as error:
            log.error("rule %s version %s: %s", rule_id, version, error)


def _grown(old: Streams, size: int) -> Streams:
    streams = Streams(size)
    for name in ("last_us", "rule", "on", "pending", "changed"):
        getattr(streams, name)[: old.size] = getattr(old, name)
    return streams


def _receipts(line: psycopg.Connection[Any], before: Registry, codes: set[str]) -> dict[str, dict[str, int]]:
    acked = {device.code: device.acked for device in before.devices.values()}
    if fresh := codes - set(acked):
        for device, session, n in line.execute(_RECEIPTS, [list(fresh)]).fetchall():
            acked.setdefault(device, {})[session] = n
    return acked


def _gather_devices(
    registry: Registry, rows: list[Any], slots: dict[int, int], acked: dict[str, dict[str, int]]
) -> None:
    for code, datastream, metric, _, _, kit in rows:
        subject = subject_for(code, "t").encode()
        device = registry.devices.get(subject)
        if device is None:
            device = registry.devices[subject] = Device(code, kit, acked=acked.get(code, {}))
        if datastream is not None:
            device.slots[metric] = slots[datastream]


def _newest(line: psycopg.Connection[Any], fresh: list[int], slots: dict[int, int]) -> list[tuple[Newest, bool]]:
    found = line.execute(_NEWEST, [fresh]).fetchall() if fresh else []
    return [(Newest(slots[datastream], at_us, value), not unshown) for datastream, at_us, value, unshown in found]


def _states(line: psycopg.Connection[Any], fresh: list[int]) -> dict[int, tuple[RuleKey, State]]:
    found = line.execute(_STATES, [fresh]).fetchall() if fresh else []
    return {row[0]: (RuleKey(row[1], row[2]), State(row[3], tuple(row[4]))) for row in found}


def _set_rules(
    registry: Registry, before: Registry, rows: list[Any], slots: dict[int, int],
    thresholds: dict[RuleKey, Threshold], stored: dict[int, tuple[RuleKey, State]],
) -> None:  # fmt: skip
    """Put each datastream under its present rule, with what its state is worth under it."""
    row_of = {key.id: row for row, key in enumerate(registry.rules)}
    for _, datastream, _, rule_id, base_line, _ in rows:
        if datastream is None:
            continue
        slot = slots[datastream]
        known: tuple[RuleKey | None, State] = stored.get(datastream, (None, State()))
        if slot < before.streams.size:
            known = before.rule_of(slot), before.streams.state(slot)
        row = row_of.get(rule_id, NO_RULE)
        registry.streams.rule[slot] = row
        registry.streams.base[slot] = np.nan if base_line is None else base_line
        if row != NO_RULE:
            registry.streams.put(slot, _worth(known, registry.rules[row], thresholds))


def _worth(known: tuple[RuleKey | None, State], rule: RuleKey, thresholds: dict[RuleKey, Threshold]) -> State:
    met, state = known
    if met == rule:
        return state
    if met is not None and met.id == rule.id:
        return threshold.carried_over(state, thresholds[rule])
    return State()
