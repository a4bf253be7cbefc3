"""Latest values are shown slice by slice, and none is forgotten or shown twice."""

from itertools import chain
from typing import Any

import numpy as np
import psycopg
import pytest

from linli_ingest import newest
from linli_ingest.columns import Columns
from linli_ingest.newest import NewestReadings
from linli_ingest.parts import Reading
from linli_ingest.registry import Newest, Registry

COUNT = 3 * newest.LEAST_SLICE


@pytest.fixture
def shown(monkeypatch):
    """What each slice wrote: the datastreams."""
    slices: list[list[int]] = []
    monkeypatch.setattr(newest.copying, "copy", lambda cursor, statement, columns: slices.append(columns[0].tolist()))
    return slices


class Line:
    """Stands for a connection; breaks on demand."""

    broken = False

    def transaction(self) -> Any:
        return self

    def cursor(self) -> Any:
        return self

    def execute(self, statement: str) -> None:
        if self.broken:
            raise psycopg.OperationalError("gone")

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def registry(count=COUNT, first=1000, unshown=()):
    return Registry(datastreams=np.arange(first, first + count, dtype=np.int32), unshown=list(unshown))


def readings(count=COUNT):
    return Columns.of([Reading(slot, 1_000_000 + slot, 1.0, 0) for slot in range(count)], range(count))


def test_all_that_waits_is_shown_once_in_slices(shown):
    values = NewestReadings()
    values.follow(registry())
    values.put(readings(), 0)
    assert len(list(values.show(Line()))) == len(shown) == 3
    assert list(chain(*shown)) == list(range(1000, 1000 + COUNT))
    assert list(values.show(Line())) == []


def test_many_values_are_few_slices(shown):
    values = NewestReadings()
    values.follow(registry(20 * newest.LEAST_SLICE))
    values.put(readings(20 * newest.LEAST_SLICE), 0)
    assert len(list(values.show(Line()))) == newest.SLICES


def test_what_a_lost_connection_did_not_write_waits_on(shown):
    values, line = NewestReadings(), Line()
    values.follow(registry())
    values.put(readings(), 0)
    rounds = values.show(line)
    next(rounds)
    line.broken = True
    with pytest.raises(psycopg.OperationalError):
        next(rounds)
    line.broken = False
    list(values.show(line))
    assert list(chain(*shown)) == list(range(1000, 1000 + COUNT))


def test_a_registry_read_anew_between_two_slices_shifts_nothing(shown):
    values = NewestReadings()
    values.follow(registry())
    values.put(readings(), 0)
    rounds = values.show(Line())
    next(rounds)
    values.follow(registry(10, first=5000, unshown=[Newest(3, 7_000_000, 2.0)]))
    list(rounds)
    list(values.show(Line()))
    assert list(chain(*shown[1:])) == [5003]
