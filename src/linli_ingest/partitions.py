"""Monthly partitions of the observations, made when the first reading of a month comes (按月分区)."""

from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

_EXISTING: Final = """
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'observation'::regclass
"""
_ATTACH: Final = sql.SQL("ALTER TABLE observation ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})")


class Partitions:
    """The months that are there; the only writer of observations keeps the list."""

    def __init__(self, line: psycopg.Connection[Any]) -> None:
        self._line = line
        self._names = {row[0] for row in line.execute(_EXISTING).fetchall()}
        line.commit()

    def provide(self, at_us: NDArray[np.int64]) -> None:
        """Make the partitions of these times that are missing, in a transaction of their own (预建分区)."""
        if not len(at_us):
            return
        months = at_us.astype("datetime64[us]").astype("datetime64[M]")
        first, last = months.min(), months.max()
        for month in [first] if first == last else np.unique(months):
            if _name(month) not in self._names:
                self._make(month)

    def _make(self, month: np.datetime64) -> None:
        """Attach a table made beside its parent, which readers of the parent do not wait for."""
        name, borders = sql.Identifier(_name(month)), (f"{month}-01 00:00Z", f"{month + 1}-01 00:00Z")
        with self._line.transaction():
            self._line.execute(sql.SQL("CREATE TABLE {} (LIKE observation INCLUDING ALL)").format(name))
            self._line.execute(_ATTACH.format(name, *borders))
        self._names.add(_name(month))


def _name(month: np.datetime64) -> str:
    return f"observation_{str(month).replace('-', '_')}"
