"""One part of Linli as a child process (部件进程)."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from linli_run import processes
from linli_run.home import Home

STOP_WITHIN_S: Final = 12.0


class CommandPart:
    """A `linli` command, or another Python module of ours, kept in a process group of its own (部件).

    Args:
        probe: whether the running part does its work; by default being alive is enough.
    """

    def __init__(
        self, name: str, argv: Sequence[str], *, home: Home, env: Mapping[str, str],
        probe: Callable[[], bool] | None = None,
    ) -> None:  # fmt: skip
        self.name, self.argv, self.env = name, list(argv), dict(env)
        self.log = home.logs / f"{name}.log"
        self.folder = home.run / name
        self.probe = probe
        self.child: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Launch the part unless it lives; what an earlier run left behind is ended first (开始启动)."""
        if self.child is not None and self.child.poll() is None:
            return
        self.stop()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.child = processes.spawn(self.argv, log=self.log, env=self.env, cwd=self.folder)
        self._pid_file.write_text(str(self.child.pid), "ascii")

    def stop(self, within_s: float = STOP_WITHIN_S) -> None:
        """Ask the part to end, then make it; nothing of its process group stays (停止)."""
        pid = self.running_pid()
        if pid is not None:
            steps = ((signal.SIGTERM, within_s), (signal.SIGKILL, 5.0))
            processes.end(pid, lambda: self.running_pid() == pid, steps)
        if self.child is not None:
            end_group(self.child.pid)
        self.child = None
        self._pid_file.unlink(missing_ok=True)

    def running_pid(self) -> int | None:
        """Number of the live process of this part, or None (存活进程号)."""
        if self.child is not None:
            return self.child.pid if self.child.poll() is None else None
        try:
            pid = int(self._pid_file.read_text("ascii"))
        except (OSError, ValueError):
            return None
        return pid if processes.works_in(pid, self.folder) else None

    def is_ready(self) -> bool:
        """Whether the part lives and, if it can be asked, says so (是否就绪)."""
        return self.running_pid() is not None and (self.probe is None or self.probe())

    @property
    def exit_code(self) -> int | None:
        """How the last process ended; None while it runs or before it did."""
        return self.child.poll() if self.child is not None else None

    @property
    def _pid_file(self) -> Path:
        return self.folder.with_suffix(".pid")


def end_group(leader: int) -> None:
    """Kill what is left of a process group, for instance the workers of a killed server (清理进程组)."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def answers(url: str) -> Callable[[], bool]:
    """A probe: whether `url` answers with success within two seconds (健康探测)."""

    def probe() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own http address
                return bool(200 <= response.status < 300)
        except OSError:
            return False

    return probe


def our_command(*words: str) -> list[str]:
    """The command line of `linli WORDS` under this very Python."""
    return [sys.executable, "-P", "-m", "linli_run", *words]
