"""Three recorded series walk the whole road: each reading once, one alert an episode, the right unit, the map."""

import csv
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page
from tests.journeys.conftest import Demo, wait_for

from linli.kernel.level import Level
from linli.sensing.domain import rule_text, threshold
from linli_run.reference import kits

pytestmark = [pytest.mark.realdata, pytest.mark.browser]


class Proof(NamedTuple):
    """One series of the issue: its file, its columns, the kit it is judged by, the class of what it hangs on."""

    device: str
    file: str
    time_column: str
    value_column: str
    time_format: str
    kit: str
    metric: str
    mounted_on: str


PROOFS = [
    Proof("real-tank", "water_batadal/dataset04_attacks.csv", "DATETIME", "L_T1", "%d/%m/%y %H",
          "water_tank", "level_m", "0102"),
    Proof("real-room", "nab/realKnownCause/ambient_temperature_system_failure.csv", "timestamp", "value",
          "%Y-%m-%d %H:%M:%S", "machine_room", "temperature_f", "0118"),
    Proof("real-river", "water_quality_level_logan/MainStreet2019.csv", "datetime", "stage", "%Y-%m-%d %H:%M",
          "river_stage", "stage_cm", "0103"),
]


def file_of(proof: Proof) -> Path:
    return Path(os.environ["LINLI_REALDATA"]) / proof.file


def recorded(proof: Proof) -> list[tuple[datetime, float]]:
    """Read the file in the plainest way there is."""
    with file_of(proof).open(newline="") as file:
        return [(datetime.strptime(row[proof.time_column], proof.time_format).replace(tzinfo=UTC),
                 float(row[proof.value_column])) for row in csv.DictReader(file) if row[proof.value_column] != "NULL"]


def episodes(proof: Proof) -> tuple[list[datetime], int]:
    """Return when each episode begins by the plain rule, and how many reach the level of a case."""
    [row] = [row for row in kits.rows() if (row.kit, row.metric) == (proof.kit, proof.metric)]
    rule, from_level = rule_text.parse(row.rule.definition), Level.from_word(row.rule.case_from_level)
    begun: list[datetime] = []
    peaks: list[Level] = []
    readings = ((round(at.timestamp() * 1e6), value) for at, value in recorded(proof))
    for change in threshold.changes(rule, readings):
        if change.level_from is Level.NONE:
            begun.append(datetime.fromtimestamp(change.at_us / 1e6, UTC))
            peaks.append(change.level_to)
        peaks[-1] = max(peaks[-1], change.level_to)
    return begun, sum(peak >= from_level for peak in peaks)


def stored(page: Page, proof: Proof) -> list[tuple[datetime, float]]:
    first, last = recorded(proof)[0][0], recorded(proof)[-1][0]
    answer = page.request.get(f"/desk/things/{proof.device}/readings.csv?metric={proof.metric}&span=custom"
                              f"&from={first:%Y-%m-%d}&to={last + timedelta(days=1):%Y-%m-%d}", timeout=120_000)
    assert answer.ok, answer.text()[:500]
    rows = csv.DictReader(answer.text().lstrip("\ufeff").splitlines())
    time_name, value_name = rows.fieldnames[0], rows.fieldnames[1]
    return [(datetime.fromisoformat(row[time_name]).astimezone(UTC), float(row[value_name])) for row in rows]


def hung_on(page: Page, class_code: str) -> dict[str, object]:
    """Return a component of this class that somebody maintains."""
    for sequence in range(1, 200):
        answer = page.request.get(f"/api/v1/components/990101{class_code}{sequence:06d}")
        if answer.ok and (found := answer.json())["maintaining"]:
            return found
    raise AssertionError(f"the demo has no maintained component of class {class_code}")


def alerts_of(page: Page, device: str) -> Iterator[dict[str, object]]:
    for cleared in ("false", "true"):
        for offset in (0, 200):
            rows = page.request.get(f"/api/v1/alerts?cleared={cleared}&limit=200&offset={offset}").json()
            yield from (row for row in rows if row["thing_code"] == device)


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.device)
def test_a_recorded_series_becomes_what_the_plain_rule_says_of_it(demo: Demo, desk, proof: Proof):
    operator, district = desk("operator").page, desk("district").page
    component = hung_on(district, proof.mounted_on)
    words = ["replay", str(file_of(proof)), "--device", proof.device, "--metric", proof.metric, "--time-column",
             proof.time_column, "--value-column", proof.value_column, "--adopt", proof.kit, "--component",
             str(component["code"])]
    told = demo.linli(*words, timeout_s=300)
    series = recorded(proof)
    assert f"{len(series):,} readings told stored" in told
    again = demo.linli(*words, timeout_s=300)
    assert f"{len(series):,} readings told stored" in again
    assert stored(operator, proof) == series

    begun, for_cases = episodes(proof)
    assert len(begun) > 1
    found = wait_for(lambda: len(rows := list(alerts_of(district, proof.device))) >= len(begun) and rows, 20,
                     "not every episode became an alert")
    assert sorted(datetime.fromisoformat(row["raised_at"]) for row in found) == begun

    cases = {row["case_id"] for row in found if row["case_id"]}
    assert sum(row["case_id"] is not None for row in found) == for_cases
    for number in cases:
        case = district.request.get(f"/api/v1/cases/{number}").json()
        assert case["unit_id"] == component["maintaining"], case
        assert case["route_rule"] == "component"
    pins = {(pin["properties"]["kind"], pin["properties"]["id"]): pin["geometry"]["coordinates"]
            for pin in district.request.get("/api/v1/board/pins").json()["features"]}
    for number in cases:
        assert pins["case", number] == pytest.approx([component["lon"], component["lat"]], abs=1e-5)
