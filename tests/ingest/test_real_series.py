"""Real series replayed over MQTT: stored exactly, each reading once, levels as the plain rule says."""

import csv
import os
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.sensing.domain import rule_text, threshold
from linli.sensing.models import Rule
from linli_run import replay

pytestmark = pytest.mark.realdata

TANK = ("water_batadal/dataset04_attacks.csv", "DATETIME", "L_T1", "%d/%m/%y %H", "water_tank", "level_m",
        "water_tank_high")  # fmt: skip
ROOM = ("nab/realKnownCause/ambient_temperature_system_failure.csv", "timestamp", "value", "%Y-%m-%d %H:%M:%S",
        "machine_room", "temperature_f", "machine_room_hot")  # fmt: skip
RIVER = ("water_quality_level_logan/MainStreet2019.csv", "datetime", "stage", "%Y-%m-%d %H:%M", "river_stage",
         "stage_cm", "river_stage_high")  # fmt: skip


def series_of(file, time_column, value_column, form):
    with (Path(os.environ["LINLI_REALDATA"]) / file).open() as rows:
        return [(datetime.strptime(row[time_column], form).replace(tzinfo=UTC).timestamp(), float(row[value_column]))
                for row in csv.DictReader(rows)]  # fmt: skip


@pytest.mark.parametrize(("file", "time_column", "value_column", "form", "kit", "metric", "rule"), [TANK, ROOM, RIVER])
def test_a_real_series_is_stored_exactly_and_judged_as_the_plain_rule_judges_it(
    road, monkeypatch, capsys, file, time_column, value_column, form, kit, metric, rule
):
    monkeypatch.setenv("MQTT_URL", road.nats.mqtt_url)
    parser = ArgumentParser()
    replay.add_arguments(parser)
    words = [f"{os.environ['LINLI_REALDATA']}/{file}", "--device", kit, "--metric", metric,
             "--value-column", value_column, "--adopt", kit, "--at", "120.001,30.001"]  # fmt: skip
    measured = series_of(file, time_column, value_column, form)

    assert replay.run(parser.parse_args(words)) == 0
    assert f"{len(measured):,} readings told stored" in capsys.readouterr().out
    assert road.readings(kit, metric) == sorted(measured)
    assert road.held(kit) == []

    with audit.acting(Actor.system("test")):
        marks = rule_text.parse(Rule.objects.get(name=rule).definition)
    expected = [(change.at_us / 1e6, change.level_from, change.level_to, 1) for change in threshold.changes(
        marks, ((round(at * 1e6), value) for at, value in measured))]  # fmt: skip
    assert len(expected) >= 4
    assert road.exceedances(kit) == expected

    assert replay.run(parser.parse_args(words)) == 0  # once more changes nothing
    assert road.readings(kit, metric) == sorted(measured)
    assert road.exceedances(kit) == expected
