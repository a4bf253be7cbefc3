"""Alerts and cases as one stream (事件流): an alert and its case are one row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from linli.cases.domain.limits import Limit
from linli.kernel.level import Level


class Group(StrEnum):
    """Under which heading a row stands (分组)."""

    WAITING = "waiting"  # 等你决定
    UNDERWAY = "underway"  # 有人在办
    WATCHED = "watched"  # 只有预警, 没有案件
    ENDED = "ended"  # 刚解除


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """What a row tells of a case (案件行); `ended_at` None = still open."""

    id: int
    number: str
    category: str
    title: str
    place: str
    unit: str
    level: Level
    state: str
    lon: float
    lat: float
    opened_at: datetime
    filed_at: datetime | None
    near_at: datetime | None = None
    due_at: datetime | None
    handled_at: datetime | None
    ended_at: datetime | None
    limit: Limit | None
    reports: int
    waiting: bool

    @property
    def runs(self) -> bool:
        """Return whether its clock runs: filed, and the unit not yet done."""
        return self.filed_at is not None and self.handled_at is None and self.ended_at is None

    def is_late(self, now: datetime) -> bool:
        """Return whether it is past its limit while the unit is still at it (超时)."""
        return self.runs and self.due_at is not None and self.due_at < now

    def is_near(self, now: datetime) -> bool:
        """Return whether it is past 80 % of its limit, but not past it (将超时)."""
        return self.runs and bool(self.near_at and self.due_at and self.near_at <= now <= self.due_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """What a row tells of an alert (预警行); `case_id` None = it asked for no case, else perhaps one not in sight.

    `members` are the codes of the devices that failed alike, empty if the alert is about one device.
    """

    id: int
    thing_code: str
    thing_name: str
    rule_name: str
    metric: str
    value: float
    peak_value: float
    unit_of_measurement: str
    level: Level
    peak_level: Level
    lon: float
    lat: float
    raised_at: datetime
    noticed_at: datetime
    cleared_at: datetime | None
    case_id: int | None
    members: Sequence[str] = ()

    @property
    def told_value(self) -> float:
        """Return the value that speaks for it: the newest at its level, the farthest once it has cleared."""
        return self.value if self.cleared_at is None else self.peak_value


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the stream (一行): a case with its alerts, the worst first, or an alert alone."""

    case: CaseLine | None
    alerts: tuple[AlertLine, ...]

    @property
    def alert(self) -> AlertLine | None:
        """Return the alert that the row speaks of: the worst, then the newest."""
        return self.alerts[0] if self.alerts else None

    @property
    def key(self) -> str:
        """Return the name by which the row is chosen, such as `case:12`."""
        return f"case:{self.case.id}" if self.case else f"alert:{self.alerts[0].id}"

    @property
    def level(self) -> Level:
        """Return how severe the matter is now: an open alert's level, else its case's; the peak of what has ended."""
        if self.group is Group.ENDED:
            return max((alert.peak_level for alert in self.alerts), default=self._case_level)
        return max((alert.level for alert in self.alerts), default=Level.NONE) or self._case_level

    @property
    def _case_level(self) -> Level:
        return self.case.level if self.case else Level.NONE

    @property
    def group(self) -> Group:
        """Return the heading: a case decides, also one that is not in sight; an alert without one is only watched."""
        if self.case:
            if self.case.ended_at:
                return Group.ENDED
            return Group.WAITING if self.case.waiting else Group.UNDERWAY
        if all(alert.cleared_at for alert in self.alerts):
            return Group.ENDED
        return Group.WATCHED if self.alerts[0].case_id is None else Group.UNDERWAY

    @property
    def since(self) -> datetime:
        """Return when the matter began, for what has ended when it did."""
        if self.group is Group.ENDED:
            ends = [alert.cleared_at for alert in self.alerts if alert.cleared_at]
            return max([*ends, self.case.ended_at] if self.case and self.case.ended_at else ends)
        begins = [alert.raised_at for alert in self.alerts]
        return min([*begins, self.case.opened_at] if self.case else begins)

    @property
    def where(self) -> tuple[float, float]:
        """Return lon and lat: the alert's, where there is one."""
        place = self.alerts[0] if self.alerts else self.case
        return (place.lon, place.lat) if place else (0.0, 0.0)

    @property
    def appeared_at(self) -> datetime:
        """Return when Linli last had something new to say in this row, by its own clock."""
        if self.group is Group.ENDED:
            return self.since
        return max([*(alert.noticed_at for alert in self.alerts), *([self.case.opened_at] if self.case else [])])


GROUPS: Final = tuple(Group)


def rows(cases: Iterable[CaseLine], alerts: Iterable[AlertLine]) -> list[Row]:
    """Return cases and alerts merged by their chain (按链合并), each alert with its case if that is among `cases`."""
    known = {case.id: case for case in cases}
    of_case: dict[int, list[AlertLine]] = {number: [] for number in known}
    alone = []
    for alert in alerts:
        if alert.case_id in of_case:
            of_case[alert.case_id].append(alert)
        else:
            alone.append(Row(None, (alert,)))
    return [Row(case, _worst_first(of_case[number])) for number, case in known.items()] + alone


def grouped(rows: Sequence[Row]) -> dict[Group, list[Row]]:
    """Return the rows under their headings, the most severe and the most urgent first, what has ended newest first."""
    found: dict[Group, list[Row]] = {group: [] for group in GROUPS}
    for row in sorted(rows, key=_urgency):
        found[row.group].append(row)
    found[Group.ENDED].sort(key=lambda row: row.since, reverse=True)
    return found


def _worst_first(alerts: list[AlertLine]) -> tuple[AlertLine, ...]:
    return tuple(sorted(alerts, key=lambda alert: (alert.level, alert.peak_level, alert.noticed_at), reverse=True))


def _urgency(row: Row) -> tuple[int, float, float]:
    due = row.case.due_at if row.case and row.case.handled_at is None else None
    return -row.level, due.timestamp() if due else float("inf"), -row.since.timestamp()
