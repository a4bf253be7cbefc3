"""What is kept, on disk (本地留存): survives the sender's own end, numbers included."""

import shutil
import sqlite3
import time
from collections import deque
from pathlib import Path
from typing import Final, NamedTuple

from linli_edge.run import Run

_TABLES: Final = """
    CREATE TABLE IF NOT EXISTS run (device TEXT PRIMARY KEY, session TEXT NOT NULL, acked INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS place (file TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS message
      (device TEXT, n INTEGER, kept_at INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (device, n)) WITHOUT ROWID;
"""
HEADROOM: Final = 16 * 2**20  # bytes of disk left alone, so that what is told stored can still be let go
_RUN: Final = """
    INSERT INTO run VALUES (?, ?, ?)
    ON CONFLICT (device) DO UPDATE SET session = excluded.session, acked = excluded.acked
"""


class DiskFull(sqlite3.OperationalError):
    """The disk has no room for another message."""


class Extent(NamedTuple):
    """What the journal's messages take, and how much more the disk gives them, in bytes (占用与余量)."""

    taken: int
    left: int


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
        self._folder, found = path.parent, path.stat()
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

    def extent(self) -> Extent:
        """Return how large it is and may yet become; pages it emptied count as room."""
        pages, empty, size = (self._file.execute(f"PRAGMA {asked}").fetchone()[0]
                              for asked in ("page_count", "freelist_count", "page_size"))  # fmt: skip
        free = shutil.disk_usage(self._folder).free
        return Extent((pages - empty) * size, free - HEADROOM + empty * size)

    def oldest_at(self) -> int | None:
        """Return since when the oldest message is kept, in epoch seconds by this machine's clock (最早留存时刻)."""
        return self._file.execute("SELECT min(kept_at) FROM message").fetchone()[0]

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

    def added(self, run: Run, count: int = 1) -> None:
        """Keep the newest messages of a run, all or none; on disk when this returns (留存).

        Raises: DiskFull before the last of the disk is taken.
        """
        if (left := self.extent().left) <= 0:
            raise DiskFull(f"the disk of the journal is full: {HEADROOM + left} bytes are left")
        last, now = run.acked + len(run.kept), int(time.time())
        fresh = [run.kept[at] for at in range(-count, 0)]
        with self._file:
            self._file.execute("BEGIN")
            if run.acked == 0 and len(run.kept) == count:
                self._file.execute(_RUN, [run.device, run.session, run.acked])
            rows = [(run.device, n, now, text) for n, text in enumerate(fresh, last - count + 1)]
            self._file.executemany("INSERT INTO message VALUES (?, ?, ?, ?)", rows)

    def stored(self, run: Run) -> None:
        """Let go of what was told stored."""
        with self._file:
            self._file.execute("BEGIN")
            self._file.execute(_RUN, [run.device, run.session, run.acked])
            self._file.execute("DELETE FROM message WHERE device = ? AND n <= ?", [run.device, run.acked])

    def renewed(self, run: Run) -> None:
        """Write a run whole, as when it began a new session; its messages keep their age (整体重写)."""
        kept: deque[str] = run.kept
        ages = self._file.execute("SELECT kept_at FROM message WHERE device = ? ORDER BY n DESC", [run.device])
        known = [kept_at for (kept_at,) in ages.fetchmany(len(kept))][::-1] if kept else []
        moments = [int(time.time())] * (len(kept) - len(known)) + known
        with self._file:
            self._file.execute("BEGIN")
            self._file.execute(_RUN, [run.device, run.session, run.acked])
            self._file.execute("DELETE FROM message WHERE device = ?", [run.device])
            self._file.executemany("INSERT INTO message VALUES (?, ?, ?, ?)",
                                   [(run.device, n, kept_at, text) for n, (kept_at, text)
                                    in enumerate(zip(moments, kept, strict=True), run.acked + 1)])  # fmt: skip
