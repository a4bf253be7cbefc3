"""Rows as PostgreSQL's binary COPY wants them (二进制导入), made from columns without touching single rows."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, LiteralString

import numpy as np
import psycopg
from numpy.typing import NDArray

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"
EPOCH_2000_US: Final = 946_684_800_000_000


def copy(cursor: psycopg.Cursor[Any], statement: LiteralString, columns: Sequence[NDArray[Any]]) -> None:
    """Send columns of equal length to a `COPY … FROM STDIN (FORMAT BINARY)` statement."""
    with cursor.copy(statement) as stream:
        stream.write(HEADER + rows(columns).tobytes() + TRAILER)


def rows(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return one packed record a row: the count of fields, then the length and the big-endian bytes of each."""
    packed = np.empty(len(columns[0]), _record(tuple(column.dtype.str for column in columns)))
    packed["fields"] = len(columns)
    for at, column in enumerate(columns):
        packed[f"length{at}"] = column.dtype.itemsize
        packed[f"value{at}"] = column
    return packed


def database_time(at_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return microseconds since 2000, as a timestamptz is stored, from microseconds since 1970."""
    return at_us - EPOCH_2000_US


@cache
def _record(kinds: tuple[str, ...]) -> np.dtype[Any]:
    fields = [("fields", ">i2")]
    for at, kind in enumerate(kinds):
        fields += [(f"length{at}", ">i4"), (f"value{at}", f">{kind[1:]}")]
    return np.dtype(fields)
