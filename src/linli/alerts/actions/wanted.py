from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linli.alerts.domain.gathering import Member, gathered
from linli.areas import queries as areas
from linli.kernel.geo import Point
from linli.sensing import queries as devices
from linli.sensing.domain.faults import MANY, Condition, share_of
from linli.sensing.queries import FaultRow

Key = tuple[int | str, int]
_WIDTHS: Final = (15, 12, 9, 6)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An alert that ought to be open (应有预警): about one device, or with `gathers` about all its `members`."""

    row: FaultRow
    rule: Mapping[str, Any]
    name: str
    point: Point
    area_code: str
    gathers: str = ""
    members: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """Return by what it is known among the open ones."""
        return self.gathers or self.row.datastream_id, self.rule["id"]


def wanted_of(
    rows: Sequence[FaultRow], rules: Mapping[str, Mapping[str, Any]], standing: Collection[Key]
) -> list[Wanted]:  # fmt: skip
    """Return the alerts that ought to be open (应有预警): of each condition the groups, and then who is in no group."""
    wanted: list[Wanted] = []
    sizes: dict[str, int] = {}
    for condition in (condition for condition in Condition if condition not in MANY):
        fallen = {row.thing_id: row for row in rows if row.condition is condition}
        many = rules[condition.of_many]
        share = share_of(many["definition"])
        fell = {group for group, rule in standing if isinstance(group, str) and rule == many["id"]}
        groups: dict[str, list[int]] = {}
        if fallen and (fell or len(fallen) >= share.fewest):
            sizes = sizes or devices.fleet_sizes()
            groups = gathered([Member(row.thing_id, row.groups) for row in fallen.values()], sizes, fell, share)
        covered = {thing for things in groups.values() for thing in things}
        wanted += [_of_group(group, [fallen[thing] for thing in things], sizes[group], many)
                   for group, things in groups.items()]
        wanted += [Wanted(row, rules[condition], row.thing_name, row.point, row.area_code)
                   for row in fallen.values() if row.thing_id not in covered]
    return wanted


def _of_group(group: str, rows: Sequence[FaultRow], whole: int, rule: Mapping[str, Any]) -> Wanted:
    kind, code = group.split(":", 1)
    area = code if kind == "area" else _common([row.area_code for row in rows])
    called = areas.names([code]).get(code, code) if kind == "area" else code
    point = Point(sum(row.point.lon for row in rows) / len(rows), sum(row.point.lat for row in rows) / len(rows))
    members = tuple(sorted(row.thing_code for row in rows))
    return Wanted(rows[0], rule, f"{called} {len(rows)}/{whole}"[:200], point, area, group, members)


def _common(codes: Sequence[str]) -> str:
    """Return the narrowest area that all of these lie in."""
    for width in _WIDTHS:
        if len({code[:width] for code in codes}) == 1 and len(codes[0]) >= width:
            return codes[0][:width]
    return ""
