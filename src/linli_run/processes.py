"""Start child processes that never outlive their parent, and recognise those of earlier runs (子进程)."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(sig: signal.Signals, parent: int) -> None:
    """Ask the kernel to send this process `sig` when its parent dies (随父进程退出).

    Only Linux can; elsewhere orphans are found and taken over at the next start.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
    if os.getppid() != parent:  # the parent died before the request was made
        os.kill(os.getpid(), sig)


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    at_parents_death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, writing to `log`; call it from a thread that lives on (启动子进程).

    The own session keeps a terminal's Ctrl-C away from the child, so that parts stop in order.
    The kernel's notice is bound to the calling thread, therefore that thread must not end early.
    """
    with log.open("ab") as sink:
        return subprocess.Popen(
            [os.fspath(a) for a in argv],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            env=dict(os.environ if env is None else env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_binding_to(os.getpid(), at_parents_death),
        )


def _binding_to(parent: int, sig: signal.Signals) -> Callable[[], None]:
    return lambda: die_with_parent(sig, parent)


def is_alive(pid: int) -> bool:
    """Whether a process of that number exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self").exists()


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process has `folder` as its working directory (是否为本目录的进程).

    A process number alone proves nothing: after a reboot it belongs to somebody else.
    """
    if not is_alive(pid):
        return False
    try:
        if sys.platform == "linux":
            return Path(f"/proc/{pid}/cwd").resolve(strict=True) == folder.resolve()
        listing = subprocess.run(
            ["/usr/sbin/lsof", "-a", "-d", "cwd", "-p", str(pid), "-Fn"], capture_output=True, text=True, check=False
        )
        return f"n{folder.resolve()}" in listing.stdout.splitlines()
    except OSError:
        return False


def working_below(folder: Path) -> list[int]:
    """Numbers of the processes that work in `folder` or below it; only Linux can tell (目录下的进程)."""
    below = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            where = (entry / "cwd").resolve(strict=True)
        except OSError:
            continue
        if where.is_relative_to(folder.resolve()) and int(entry.name) != os.getpid():
            below.append(int(entry.name))
    return below


def end(pid: int, alive: Callable[[], bool], steps: Iterable[tuple[signal.Signals, float]]) -> bool:
    """Send signal after signal, each with its patience in seconds, until the process is gone (结束进程).

    Args:
        alive: whether it is still there, and still the one that is meant.
    """
    for sig, patience_s in steps:
        try:
            os.kill(pid, sig)
        except ProcessLookupError:
            return True
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if not alive():
                return True
            time.sleep(0.02)
    return False


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for an error text."""
    try:
        text = log.read_bytes()[-8192:].decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
