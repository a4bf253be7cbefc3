"""Builders of exceedances (超限): rows as ingest leaves them, served from a list."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.make.sensing import make_thing

from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.geo import Point
from linli.kernel.level import Level
from linli.sensing.models import Datastream
from linli.sensing.queries import ExceedanceRow

SYSTEM = Actor.system("test")


def make_stream(code: str = "mc-1", metric: str = "open", **thing: Any) -> Datastream:
    """Adopt a manhole sensor and return one of its datastreams with its rule."""
    with audit.acting(SYSTEM):
        make_thing(code, **thing)
    return stream_of(code, metric)


def stream_of(code: str, metric: str) -> Datastream:
    """Return one datastream of a device with its rule."""
    with audit.acting(SYSTEM):
        return Datastream.objects.select_related("thing", "rule").get(thing__code=code, metric=metric)


class Told:
    """A list of exceedances in the place of the ingest's table."""

    def __init__(self) -> None:
        self.rows: list[ExceedanceRow] = []
        self.asked = 0

    def say(self, stream: Datastream, *levels: Level, value: float = 31.5, **changes: Any) -> list[ExceedanceRow]:
        """Add the changes to these levels, one after the other, a minute apart, and return their rows."""
        added = []
        for level in levels:
            before = next((row.level_to for row in reversed(self.rows) if row.datastream_id == stream.pk), Level.NONE)
            row = replace(self._row(stream, before, level, value), **changes)
            self.rows.append(row)
            added.append(row)
        return added

    def after(self, after_id: int, limit: int) -> list[ExceedanceRow]:
        """Answer as `sensing.queries.exceedances_after` does."""
        self.asked += 1
        return sorted((row for row in self.rows if row.id > after_id), key=lambda row: row.id)[:limit]

    def _row(self, stream: Datastream, before: Level, level: Level, value: float) -> ExceedanceRow:
        rule, thing = stream.rule, stream.thing
        assert rule is not None
        number = max((row.id for row in self.rows), default=0) + 1
        return ExceedanceRow(
            id=number, datastream_id=stream.pk, rule_id=rule.pk, rule_version=rule.version, rule_name=rule.name,
            rule_name_zh=rule.name_zh, rule_name_en=rule.name_en, category=rule.category,
            case_from_level=Level.from_word(rule.case_from_level),
            ts=clock.now() - timedelta(hours=1) + timedelta(minutes=number), noticed_at=clock.now(),
            level_from=before, level_to=level, value=value, thing_id=thing.pk, thing_code=thing.code,
            thing_name=thing.name, component_id=thing.component_id, point=Point(thing.lon, thing.lat),
            area_code=thing.area_code, metric=stream.metric, unit_of_measurement=stream.unit_of_measurement,
        )
