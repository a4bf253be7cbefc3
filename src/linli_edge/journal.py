"""What is kept, on disk (本地留存): survives the sender's own end, numbers included."""

import sqlite3
from collections import deque
from pathlib import Path
from typing import Final

from linli_edge.run import Run

_TABLES: Final = """
    CREATE TABLE IF NOT EXISTS run (device TEXT PRIMARY KEY, session TEXT NOT NULL, acked INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS place (file TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS message
      (device TEXT, n INTEGER, text TEXT NOT NULL, PRIMARY KEY (device, n)) WITHOUT ROWID;
"""
_RUN: Final = """
    INSERT INTO run VALUES (?, ?, ?)
    ON CONFLICT (device) DO UPDATE SET session = excluded.session, acked = excluded.acked
"""


class Journal:
    """A file that holds every run; used by one sender at a time, under its lock.

    A copy of the file begins new sessions: two senders in one session would hear receipts for each other's messages.

    Raises: sqlite3.OperationalError if another sender uses the file.
    """

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, check_same_thread=False, timeout=1.0, isolation_level=None)
        self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.executescript(_TABLES)
        found = path.stat()
        self._here = f"{found.st_dev}:{found.st_ino}"

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def runs(self) -> dict[str, Run]:
        """Return what was kept, by device (读取留存)."""
        runs = {device: Run(device, session, acked, acked)
                for device, session, acked in self._file.execute("SELECT device, session, acked FROM run")}  # fmt: skip
        for device, text in self._file.execute("SELECT device, text FROM message ORDER BY device, n"):
            runs[device].kept.append(text)
        if self._is_copied():
            for run in runs.values():
                run.renew()
                self.renewed(run)
        return runs

    def _is_copied(self) -> bool:
        """Return whether the file is another than the one it was made as, and make it this one (是否为副本)."""
        known = self._file.execute("SELECT file FROM place").fetchone()
        if known == (self._here,):
            return False
        with self._file:
            self._file.execute("BEGIN")
            self._file.execute("DELETE FROM place")
            self._file.execute("INSERT INTO place VALUES (?)", [self._here])
        return known is not None

    def added(self, run: Run) -> None:
        """Keep the newest message of a run; on disk when this returns (留存)."""
        with self._file:
            self._file.execute("BEGIN")
            if run.acked == 0 and len(run.kept) == 1:
                self._file.execute(_RUN, [run.device, run.session, run.acked])
            self._file.execute("INSERT INTO message VALUES (?, ?, ?)",
                               [run.device, run.acked + len(run.kept), run.kept[-1]])  # fmt: skip

    def stored(self, run: Run) -> None:
        """Let go of what was told stored."""
        with self._file:
            self._file.execute("BEGIN")
            self._file.execute(_RUN, [run.device, run.session, run.acked])
            self._file.execute("DELETE FROM message WHERE device = ? AND n <= ?", [run.device, run.acked])

    def renewed(self, run: Run) -> None:
        """Write a run that began a new session."""
        kept: deque[str] = run.kept
        with self._file:
            self._file.execute("BEGIN")
            self._file.execute(_RUN, [run.device, run.session, run.acked])
            self._file.execute("DELETE FROM message WHERE device = ?", [run.device])
            self._file.executemany("INSERT INTO message VALUES (?, ?, ?)",
                                   [(run.device, n, text) for n, text in enumerate(kept, run.acked + 1)])  # fmt: skip
