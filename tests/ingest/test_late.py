"""Readings older than what is stored: kept, and noted as a sign that the device speaks."""

import time

import numpy as np
import psycopg
import pytest

from linli_ingest.batch import Batch
from linli_ingest.columns import Columns
from linli_ingest.late import LateReadings
from linli_ingest.parts import Reading
from linli_ingest.registry import Registry

T0 = float(int(time.time()) - 7200)
LATE = ("SELECT d.metric, extract(epoch FROM a.ts)::float8, extract(epoch FROM now() - a.arrived_at) < 60"
        " FROM late_arrival a JOIN sensing_datastream d ON d.id = a.datastream"
        " JOIN sensing_thing t ON t.id = d.thing_id WHERE t.code = %s ORDER BY 1")


def test_a_device_that_sends_old_readings_is_heard_and_its_newest_value_stays(road, device):
    road.say(device, {"ts": T0, "water_cm": 5, "tilt_deg": 1})
    road.settle()
    assert road.rows(LATE, device) == []
    road.say(device, {"ts": T0 - 3600, "water_cm": 6}, {"ts": T0 - 3540, "water_cm": 7}, {"ts": T0, "tilt_deg": 1})
    road.await_rows(LATE, [("tilt_deg", T0, True), ("water_cm", T0 - 3540, True)], device)
    newest = ("SELECT l.value FROM latest l JOIN sensing_datastream d ON d.id = l.datastream"
              " JOIN sensing_thing t ON t.id = d.thing_id WHERE t.code = %s AND d.metric = 'water_cm'")
    assert road.rows(newest, device) == [(5,)]
    assert [value for _, value in road.readings(device, "water_cm")] == [6, 7, 5]


class Line:
    """Stands for a connection; breaks on demand, and keeps what it was told."""

    def __init__(self) -> None:
        self.broken, self.told = True, []

    def transaction(self):
        return self

    def execute(self, statement, columns):
        if self.broken:
            raise psycopg.OperationalError("gone")
        self.told.append(columns)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def arrived(*at_s: int) -> Batch:
    return Batch([b"d.x.t"] * len(at_s), [b""] * len(at_s), [
        f"$JS.ACK.S.C.1.{n + 1}.1.{at * 10**9}.0".encode() for n, at in enumerate(at_s)])


def test_what_a_lost_connection_did_not_write_waits_and_the_last_of_several_stays():
    late, line, registry = LateReadings(), Line(), Registry(datastreams=np.array([70, 71], np.int32))
    late.put(Columns.of([Reading(0, 1, 1.0, 0), Reading(1, 2, 1.0, 0), Reading(0, 3, 1.0, 0)], [0, 0, 1]),
             arrived(100, 200), registry)
    with pytest.raises(psycopg.OperationalError):
        late.write(line)
    late.put(Columns.of([Reading(1, 4, 1.0, 0)], [0]), arrived(300), registry)
    line.broken = False
    late.write(line)
    late.write(line)
    assert line.told == [[[70, 71], [200_000_000, 300_000_000], [3, 4]]]
