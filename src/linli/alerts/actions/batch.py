from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from linli.alerts.actions.to_case import ask_for_cases, say_recovered
from linli.alerts.domain.episode import Crossing, Episode, asks_for_case, follow
from linli.alerts.events import AlertChanged, AlertCleared, AlertRaised
from linli.alerts.models import Alert, Trace
from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.kernel.level import Level
from linli.outbox import actions as outbox
from linli.sensing.queries import ExceedanceRow

_CHANGING = ("level", "peak_level", "value", "peak_value", "changed_at", "cleared_at", "rule_version")


@dataclass(slots=True)
class _Told:
    """What a batch told of one alert: `wish` = the gravest row that asked for a case, the first of several."""

    alert: Alert
    is_new: bool
    rows: list[ExceedanceRow] = field(default_factory=list)
    wish: ExceedanceRow | None = None


def take(rows: Sequence[ExceedanceRow], now: datetime) -> None:
    """Apply exceedances to the alerts in sets, oldest first (批量转预警): raise, change, clear, and what follows."""
    told, loose = _follow(rows, now)
    Alert.objects.bulk_update([t.alert for t in told if not t.is_new], _CHANGING)  # clears what may begin anew
    Alert.objects.bulk_create([t.alert for t in told if t.is_new])
    Trace.objects.bulk_create([_trace(row, t.alert, now) for t in told for row in t.rows]
                              + [_trace(row, None, now) for row in loose])
    ask_for_cases([(t.alert, t.wish) for t in told if t.wish])
    for t in told:
        _announce(t)


def _follow(rows: Sequence[ExceedanceRow], now: datetime) -> tuple[list[_Told], list[ExceedanceRow]]:
    """Return what the rows tell of each alert, and the rows that tell of none."""
    standing = _standing(rows)
    told: list[_Told] = list(standing.values())
    loose: list[ExceedanceRow] = []
    for row in rows:
        key = (row.datastream_id, row.rule_id)
        known = standing.get(key)
        before = _episode(known.alert) if known else None
        crossing = Crossing(row.level_to, row.value, row.ts)
        after = follow(before, crossing)
        if after is None:
            loose.append(row)
            continue
        if known is None:
            known = standing[key] = _Told(_new_alert(row, now), is_new=True)
            told.append(known)
        _apply(known.alert, after, row)
        known.rows.append(row)
        if asks_for_case(before, crossing, row.case_from_level) and _is_graver(row, known.wish):
            known.wish = row
        if after.cleared_at:
            del standing[key]
    return [t for t in told if t.rows], loose


def _is_graver(row: ExceedanceRow, than: ExceedanceRow | None) -> bool:
    return than is None or row.level_to > than.level_to


def _standing(rows: Sequence[ExceedanceRow]) -> dict[tuple[int, int], _Told]:
    streams = {row.datastream_id for row in rows}
    found = Alert.objects.still_open().select_for_update().filter(datastream_id__in=streams).order_by("pk")
    return {(alert.datastream_id, alert.rule_id): _Told(alert, is_new=False) for alert in found}


def _episode(alert: Alert) -> Episode | None:
    if alert.level == Level.NONE.word:
        return None
    return Episode(Level.from_word(alert.level), Level.from_word(alert.peak_level), alert.value, alert.peak_value,
                   alert.raised_at, alert.changed_at, alert.cleared_at)


def _new_alert(row: ExceedanceRow, now: datetime) -> Alert:
    return Alert(
        datastream_id=row.datastream_id, rule_id=row.rule_id, rule_name=row.rule_name_zh, rule_name_en=row.rule_name_en,
        thing_code=row.thing_code, thing_name=row.thing_name, metric=row.metric,
        unit_of_measurement=row.unit_of_measurement, cause=row.category, level=Level.NONE.word,
        area_code=row.area_code, lon=row.point.lon, lat=row.point.lat, component_id=row.component_id,
        raised_at=row.ts, noticed_at=now,
    )


def _apply(alert: Alert, after: Episode, row: ExceedanceRow) -> None:
    alert.level, alert.peak_level = after.level.word, after.peak_level.word
    alert.value, alert.peak_value = after.value, after.peak_value
    alert.changed_at, alert.cleared_at = after.changed_at, after.cleared_at
    alert.rule_version = row.rule_version


def _trace(row: ExceedanceRow, alert: Alert | None, now: datetime) -> Trace:
    return Trace(exceedance=row.id, alert=alert, datastream_id=row.datastream_id, ts=row.ts,
                 level_from=row.level_from.value, level_to=row.level_to.value, value=row.value, taken_at=now)


def _announce(told: _Told) -> None:
    alert, cleared = told.alert, told.alert.cleared_at is not None
    facts = {"exceedance": told.rows[-1].id, "level": alert.level, "case": alert.case_id}
    if told.is_new:
        audit.record("alerts.raise", actor=Actor.system("alerts"), target=f"alert:{alert.pk}", **facts)
        outbox.publish(AlertRaised(alert_id=alert.pk))
    elif not cleared:
        audit.record("alerts.change", actor=Actor.system("alerts"), target=f"alert:{alert.pk}", **facts)
        outbox.publish(AlertChanged(alert_id=alert.pk))
    if cleared:
        audit.record("alerts.clear", actor=Actor.system("alerts"), target=f"alert:{alert.pk}", **facts)
        outbox.publish(AlertCleared(alert_id=alert.pk))
        say_recovered(alert)
