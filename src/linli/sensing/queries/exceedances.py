from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from linli.kernel.geo import Point
from linli.kernel.level import Level

_AFTER: Final = """
    SELECT e.id, e.datastream, e.rule_id, e.rule_version, r.name, r.name_zh, r.name_en, r.category, r.case_from_level,
           e.ts, e.noticed_at, e.level_from, e.level_to, e.value,
           t.id, t.code, t.name, t.component_id, t.lon, t.lat, t.area_code, d.metric, d.unit_of_measurement
    FROM exceedance e
    JOIN sensing_datastream d ON d.id = e.datastream
    JOIN sensing_thing t ON t.id = d.thing_id
    JOIN sensing_rule r ON r.id = e.rule_id
    WHERE e.id > %s ORDER BY e.id LIMIT %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceedanceRow:
    """A change of level with all that an alert needs to know of it (超限记录).

    Attributes:
        ts: the reading's own time; noticed_at: when the change was written here.
        case_from_level: from which level a case is asked for, of class `category`.
    """

    id: int
    datastream_id: int
    rule_id: int
    rule_version: int
    rule_name: str
    rule_name_zh: str
    rule_name_en: str
    category: str
    case_from_level: Level
    ts: datetime
    noticed_at: datetime
    level_from: Level
    level_to: Level
    value: float
    thing_id: int
    thing_code: str
    thing_name: str
    component_id: int | None
    point: Point
    area_code: str
    metric: str
    unit_of_measurement: str


def exceedances_after(after_id: int, limit: int) -> list[ExceedanceRow]:
    """Return the exceedances behind `after_id`, oldest first (新超限).

    Ingest writes them in one transaction after the other, so that none appears behind a later one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, [after_id, limit])
        return [
            ExceedanceRow(
                id=row[0], datastream_id=row[1], rule_id=row[2], rule_version=row[3], rule_name=row[4],
                rule_name_zh=row[5], rule_name_en=row[6], category=row[7], case_from_level=Level.from_word(row[8]),
                ts=row[9], noticed_at=row[10], level_from=Level(row[11]), level_to=Level(row[12]), value=row[13],
                thing_id=row[14], thing_code=row[15], thing_name=row[16], component_id=row[17],
                point=Point(row[18], row[19]), area_code=row[20], metric=row[21], unit_of_measurement=row[22],
            )
            for row in cursor.fetchall()
        ]  # fmt: skip
