"""What the datastreams of devices say now (最新读数)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.translation import get_language

from linli.kernel.errors import NotFound
from linli.kernel.level import Level
from linli.sensing.domain import faults, rule_text, threshold
from linli.sensing.domain.value import written
from linli.sensing.queries.heard import HEARD_WITHIN

MISSED_REPORTS: Final = 3
_MEASURED: Final = """
    SELECT d.thing_id, d.id, d.metric, d.unit_of_measurement, k.name_zh, k.name_en, row_to_json(r),
           l.value, l.ts, l.arrived_at, coalesce(s.levels_on, 0), d.base_line,
           CASE WHEN y.is_stuck THEN y.since END, CASE WHEN c.is_wrong THEN c.since_at END, a.arrived_at, k.wraps_at,
           coalesce(
             (SELECT CASE WHEN count(*) >= (SELECT (definition->>'enough')::int FROM sensing_rule
                                            WHERE name = 'device_silent')
                     THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY gap_s) END FROM (
                SELECT extract(epoch FROM ts - lag(ts) OVER (ORDER BY ts)) AS gap_s FROM (
                  SELECT ts FROM observation WHERE datastream = d.id ORDER BY ts DESC LIMIT %s) newest) gaps),
             CASE WHEN NOT k.occasional THEN coalesce(k.sampling_s, p.heartbeat_s) END),
           CASE WHEN NOT k.occasional THEN p.heartbeat_s * p.missed_heartbeats END,
           coalesce(CASE WHEN %s THEN k.base_line_zh ELSE k.base_line_en END, '')
    FROM sensing_datastream d JOIN sensing_thing t ON t.id = d.thing_id
    LEFT JOIN sensing_kit p ON p.code = t.kit
    LEFT JOIN sensing_kitmetric k ON k.kit = t.kit AND k.metric = d.metric
    LEFT JOIN sensing_rule r ON r.id = d.rule_id
    LEFT JOIN latest l ON l.datastream = d.id
    LEFT JOIN late_arrival a ON a.datastream = d.id
    LEFT JOIN sensing_clockdoubt c ON c.thing_id = t.id
    LEFT JOIN sensing_steady y ON y.datastream_id = d.id
    LEFT JOIN rule_state s ON s.datastream = d.id AND s.rule_id = d.rule_id
    WHERE d.thing_id = ANY(%s) ORDER BY d.thing_id, d.id
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one datastream says now (最新读数).

    Attributes:
        rule: its rule as stored, None if nothing judges its values.
        value, at, arrived_at: of the newest reading, None if there never was one.
        level: what the rule last said; it may no longer hold when `is_silent`.
        usual_s: how often it usually reports, seconds: the median of its newest gaps, with too few readings what
            its kit's profile says; None while neither is known.
        allowed_s: for how long its kit's profile allows silence, seconds; None where it says nothing.
        base_line: what its marks are counted from, None = not known.
        base_line_is: what that is, as its kit tells the installer; "" where nothing counts from one.
        stuck_since: since when the value stands although it should vary, None = it does not.
        clock_wrong_since: since when the device's readings bear times far from their arrival, None = they do not.
        wraps_at: of a metric that counts up, where it begins from 0 again; None = it is no counter.
        late_at: when last a reading arrived that was older than the newest, None = never.
    """

    datastream: int
    metric: str
    unit: str
    name: str
    rule: Mapping[str, Any] | None
    value: float | None
    at: datetime | None
    arrived_at: datetime | None
    level: Level
    usual_s: float | None
    base_line: float | None = None
    stuck_since: datetime | None = None
    clock_wrong_since: datetime | None = None
    late_at: datetime | None = None
    wraps_at: float | None = None
    allowed_s: float | None = None
    base_line_is: str = ""

    @property
    def limit_s(self) -> float:
        """Return after how many seconds its silence is told (失联时限): three missed reports, or an hour.

        Never before its profile allows: after an alarm, in which it spoke every few seconds, it speaks as slowly as
        ever, and is well.
        """
        usual_s = MISSED_REPORTS * self.usual_s if self.usual_s else HEARD_WITHIN.total_seconds()
        return max(usual_s, self.allowed_s or 0.0)

    def is_silent(self, now: datetime) -> bool:
        """Return whether it has said nothing for so long that nobody knows how it is (失联).

        A device with a wrong clock is judged by when its newest reading arrived.
        """
        heard_at = self.arrived_at if self.clock_wrong_since else self.at
        return heard_at is None or (now - heard_at).total_seconds() > self.limit_s

    def speaks_late(self, now: datetime) -> bool:
        """Return whether it speaks, but only of times before its newest reading, so that nothing is judged (只补旧)."""
        return (self.is_silent(now) and self.late_at is not None
                and (now - self.late_at).total_seconds() <= self.limit_s)

    @property
    def written(self) -> str:
        """Return the newest value as it stands on a screen."""
        return "–" if self.value is None else written(self.value)

    @property
    def threshold(self) -> threshold.Threshold | None:
        """Return the marks that judge its values, None if there are none."""
        return rule_text.parse(self.rule["definition"]) if self.rule else None

    @property
    def counts_from_base(self) -> bool:
        """Return whether a mark of its rule is counted from its base-line."""
        return self.threshold is not None and any(mark.over_base for mark in self.threshold.marks)

    @property
    def is_above(self) -> bool:
        """Return whether greater values are the worse ones."""
        return self.threshold is None or self.threshold.direction is threshold.Direction.ABOVE


def measured(things: Collection[int]) -> dict[int, list[Measured]]:
    """Return what the datastreams of these devices say now, by device, in one query."""
    chinese = (get_language() or "").startswith("zh")
    found: dict[int, list[Measured]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MEASURED, [faults.MOST_READINGS, chinese, list(things)])
        for row in cursor.fetchall():
            thing, stream, metric, unit, name_zh, name_en, rule, *newest, on, base = row[:12]
            stuck, wrong, late, wraps, usual, allowed, base_is = row[12:]
            name = (name_zh if chinese else name_en) or metric
            found.setdefault(thing, []).append(Measured(
                stream, metric, unit, name, rule, *newest, Level(on.bit_length()),
                float(usual) if usual is not None else None, base, stuck, wrong, late, wraps, allowed, base_is))
    return found


def stream_of(streams: Sequence[Measured], metric: str) -> Measured:
    """Return the datastream of this metric, without a name the gravest, then the first that is judged (选定数据流).

    Raises: NotFound if there is none.
    """
    found = [stream for stream in streams if stream.metric == metric or not metric]
    if not found:
        raise NotFound("sensing.no_such_metric", "This device measures nothing of that name.")
    return max(found, key=lambda stream: (stream.level, stream.rule is not None))


def rule_name(rule: Mapping[str, Any]) -> str:
    """Return a rule's name in the reader's language (规则名称)."""
    return str(rule["name_zh"] if (get_language() or "").startswith("zh") else rule["name_en"])
