"""Services for one command (命令所需的服务): those that run are used, others are started for its time."""

from collections.abc import Iterator
from contextlib import contextmanager

from linli_run import ports
from linli_run.environment import DATABASE_NAME, Installation
from linli_run.home import Home
from linli_run.postgres import create_roles_and_database
from linli_run.trouble import Trouble


def installation_here() -> Installation:
    """The installation of LINLI_HOME with the ports it used last (当前安装)."""
    home = Home()
    home.prepare()
    return Installation(home, chosen=ports.remembered(home.folder / "ports.json"))


def running_environment(installation: Installation) -> dict[str, str]:
    """The environment of a part that joins what already runs (加入运行中的安装).

    Raises: Trouble if an embedded service is meant but does not run.
    """
    services = {"PostgreSQL": installation.postgres(), "NATS": installation.nats()}
    silent = [name for name, service in services.items() if service is not None and service.running_pid() is None]
    if silent:
        raise Trouble(
            f"{' and '.join(silent)} of {installation.home.folder} not running.",
            "Start `linli up` in another terminal, or name services of your own (DATABASE_URL, NATS_URL …).",
        )
    return installation.environment()


@contextmanager
def with_database(installation: Installation) -> Iterator[dict[str, str]]:
    """The environment of a command that needs the database alone (仅需数据库的命令).

    Raises: Trouble if it does not run and cannot be started.
    """
    postgres = installation.postgres()
    if postgres is None or installation.home.is_supervised():
        yield installation.environment()
        return
    with installation.home.supervised():
        postgres.start()
        try:
            create_roles_and_database(postgres.admin_url, DATABASE_NAME)
            yield installation.environment()
        finally:
            postgres.stop()
