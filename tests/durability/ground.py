"""What an installation stands on (运行环境), and what a test does to it: its disk, its clock, its right to write."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SMALL_DISK_MB = 700
SHIM = Path(__file__).with_name("jump.c")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own, small enough to be filled."""
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m,mode=0700", "tmpfs", folder)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing new can be opened for writing below this folder."""
    _mount("--bind", folder, folder)
    try:
        _mount("-o", "remount,bind,ro", folder)
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)


class Clock:
    """The clock of every process started from now on, which can be moved while they run.

    Programs that ask the kernel themselves, as NATS does, keep the right time.
    """

    def __init__(self, folder: Path) -> None:
        compiler, self._library, self._file = shutil.which("cc"), folder / "jump.so", folder / "jump"
        self.is_there = compiler is not None
        if compiler:
            subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", self._library, SHIM], check=True)
            self.move(0)
            os.environ |= {"LD_PRELOAD": str(self._library), "CLOCK_JUMP": str(self._file)}

    def move(self, seconds: int) -> None:
        """Let it go wrong by so much."""
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("l", seconds))

    def end(self) -> None:
        for name in ("LD_PRELOAD", "CLOCK_JUMP"):
            os.environ.pop(name, None)


def _mount(*words: str | Path) -> None:
    mounted = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"this machine lets nobody mount: {mounted.stderr}")
