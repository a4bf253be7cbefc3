from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from linli.kernel.geo import Point
from linli.kernel.level import Level
from linli.sensing.models import DeviceStatus, Thing

_STREAMS: Final = """
    SELECT d.id, d.metric, d.unit_of_measurement, r.name, r.version,
           coalesce(s.levels_on, 0), l.ts, l.value, l.arrived_at
    FROM sensing_datastream d
    LEFT JOIN sensing_rule r ON r.id = d.rule_id
    LEFT JOIN rule_state s ON s.datastream = d.id AND s.rule_id = d.rule_id
    LEFT JOIN latest l ON l.datastream = d.id
    WHERE d.thing_id = %s ORDER BY d.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamCard:
    """One metric of a device with its newest reading and present level (数据流名片)."""

    id: int
    metric: str
    unit_of_measurement: str
    rule_name: str | None
    rule_version: int | None
    level: Level
    ts: datetime | None
    value: float | None
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingCard:
    """A device, its metrics, and how it has been sending (设备名片).

    Attributes:
        unnumbered: how many of its `messages` came without a number and so without a receipt.
        status: what it last said of itself on its status topic.
    """

    id: int
    code: str
    name: str
    kit: str
    component_id: int | None
    point: Point
    area_code: str
    adopted_at: datetime | None
    streams: list[StreamCard]
    seen_at: datetime | None
    messages: int
    unnumbered: int
    status: dict[str, Any] | None


def thing_card(code: str) -> ThingCard | None:
    """Return a device that the open scope sees (设备名片), None if there is none."""
    thing = Thing.objects.filter(code=code).first()
    if thing is None:
        return None
    heard = DeviceStatus.objects.filter(device=code).first()
    return ThingCard(
        id=thing.pk, code=thing.code, name=thing.name, kit=thing.kit, component_id=thing.component_id,
        point=Point(thing.lon, thing.lat), area_code=thing.area_code, adopted_at=thing.adopted_at,
        streams=_streams(thing.pk), seen_at=heard and heard.seen_at, messages=heard.messages if heard else 0,
        unnumbered=heard.unnumbered if heard else 0, status=heard and heard.status,
    )  # fmt: skip


def _streams(thing_id: int) -> list[StreamCard]:
    with connection.cursor() as cursor:
        cursor.execute(_STREAMS, [thing_id])
        return [
            StreamCard(id=row[0], metric=row[1], unit_of_measurement=row[2], rule_name=row[3], rule_version=row[4],
                       level=Level(row[5].bit_length()), ts=row[6], value=row[7], arrived_at=row[8])
            for row in cursor.fetchall()
        ]  # fmt: skip
