"""The home of all state: one private folder, one supervisor (数据主目录)."""

import fcntl
import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linli_run.trouble import Trouble


def default_folder() -> Path:
    """The platform's place for an application's data (默认数据目录)."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "linli"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "linli"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "linli"


class Home:
    """A folder that only its owner can enter, with a place for each kind of state (主目录)."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or Path(os.environ.get("LINLI_HOME") or default_folder())).expanduser().absolute()
        self.postgres = self.folder / "postgres"
        self.nats = self.folder / "nats"
        self.files = self.folder / "files"
        self.logs = self.folder / "logs"
        self.run = self.folder / "run"
        self.numba = self.folder / "cache" / "numba"

    def prepare(self) -> None:
        """Make the folders, closed to others; parents are left as they are (建立目录).

        Raises: Trouble if the folder belongs to somebody else, or cannot be made or written.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._claim()
            for part in (self.nats, self.files, self.logs, self.run, self.numba):
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=self.run).close()
        except OSError as error:
            raise Trouble(
                f"The home {self.folder} cannot be used: {error.strerror}.", "Set LINLI_HOME to a folder of your own."
            ) from error

    def secret(self, name: str) -> str:
        """Return the random secret called `name`, made once and readable by the owner only (密钥)."""
        path = self.folder / "secrets" / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            fresh = path.with_name(f".{name}.{os.getpid()}")
            write_private(fresh, secrets.token_urlsafe(32))
            try:
                os.link(fresh, path)  # whoever links first wins, and nobody reads half a secret
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text("ascii").strip()

    @contextmanager
    def supervised(self) -> Iterator[None]:
        """Hold the home for one supervisor; the lock ends with the process, however it ends (独占).

        Raises: Trouble naming the process that holds it.
        """
        with (self.run / "supervisor.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                lock.seek(0)
                raise Trouble(
                    f"This home is already running, under process {lock.read().strip() or 'unknown'}.",
                    f"Stop that one, or set LINLI_HOME to another folder than {self.folder}.",
                ) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def is_supervised(self) -> bool:
        """Whether a supervisor holds this home now (是否在运行)."""
        try:
            with self.supervised():
                return False
        except (Trouble, OSError):
            return True

    def _claim(self) -> None:
        found = self.folder.stat()
        if found.st_uid != os.getuid():
            raise Trouble(
                f"The home {self.folder} belongs to user {found.st_uid}, not to {os.getuid()}.",
                "Run as that user, or set LINLI_HOME to a folder of your own.",
            )
        if stat.S_IMODE(found.st_mode) != 0o700:
            self.folder.chmod(0o700)


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else could read at any moment (私密写入)."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as sink:
        sink.write(text)
