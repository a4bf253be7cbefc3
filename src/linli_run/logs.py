"""Logs of the parts (日志): one file each, kept short."""

import os
from pathlib import Path
from typing import Final

LARGEST_BYTES: Final = 10 * 2**20
KEPT: Final = 3


def rotate(log: Path, largest_bytes: int = LARGEST_BYTES) -> None:
    """Move a log that has grown too long into `.1` … `.3`, and empty it (日志轮换).

    The part keeps its open file, so the text is copied and the file cut. It is opened for appending,
    therefore the next line lands at the new beginning.
    """
    try:
        if log.stat().st_size <= largest_bytes:
            return
        for n in range(KEPT - 1, 0, -1):
            older = log.with_name(f"{log.name}.{n}")
            if older.exists():
                older.replace(log.with_name(f"{log.name}.{n + 1}"))
        log.with_name(f"{log.name}.1").write_bytes(log.read_bytes())
        os.truncate(log, 0)
    except OSError:
        return
