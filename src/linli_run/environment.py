"""What every part is told by its environment (运行环境)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from linli_run import ports
from linli_run.home import Home
from linli_run.nats import Nats
from linli_run.postgres import Postgres
from linli_run.roles import APP, INGEST, OWNER
from linli_run.trouble import Trouble

DATABASE: Final[Mapping[str, str]] = {
    "DATABASE_URL": APP,
    "DATABASE_OWNER_URL": OWNER,
    "DATABASE_INGEST_URL": INGEST,
}
TRANSPORT: Final[Mapping[str, str]] = {
    "NATS_URL": "nats://user:password@host:4222",
    "MQTT_URL": "mqtt://user:password@host:1883",
}
DATABASE_NAME: Final = "linli"


@dataclass(frozen=True)
class Installation:
    """One home with its services: embedded ones, or those the operator's environment names (一套安装).

    Args:
        given: the operator's environment.
        chosen: port of each of web, live, nats, mqtt.
        host: address that web, live and MQTT listen on.
    """

    home: Home
    given: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    chosen: Mapping[str, int] = field(default_factory=lambda: dict(ports.DEFAULTS))
    host: str = "127.0.0.1"
    demo: bool = False

    def postgres(self) -> Postgres | None:
        """The embedded database, or None if DATABASE_URL names another."""
        if named(self.given, "DATABASE_URL", DATABASE):
            return None
        return Postgres(self.home.postgres, log=self.home.logs / "postgres.log")

    def nats(self) -> Nats | None:
        """The embedded message server, or None if NATS_URL names another."""
        if named(self.given, "NATS_URL", TRANSPORT):
            return None
        return Nats(
            self.home.nats,
            port=self.chosen["nats"],
            mqtt_port=self.chosen["mqtt"],
            password=self.home.secret("nats"),
            device_password=self.home.secret("device"),
            host=self.host,
            log=self.home.logs / "nats.log",
        )

    def local_address(self, name: str) -> str:
        """Where this machine reaches web or live (本机地址)."""
        reached = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        return f"http://{reached}:{self.chosen[name]}"

    def environment(self) -> dict[str, str]:
        """The variables of every part; what the operator set stays as he set it (各部件的环境变量).

        Raises: Trouble if the operator named only a part of what belongs together.
        """
        ours = {
            "LINLI_SECRET_KEY": self.home.secret("key"),
            "LINLI_WEB_URL": self.local_address("web"),
            "LINLI_LIVE_URL": self.local_address("live"),
        }
        if (postgres := self.postgres()) is not None:
            ours |= {name: postgres.url(role, DATABASE_NAME) for name, role in DATABASE.items()}
        if (nats := self.nats()) is not None:
            ours |= {"NATS_URL": nats.url, "MQTT_URL": nats.mqtt_url}
        kept = {name: value for name, value in self.given.items() if value}
        fixed = {
            "LINLI_HOME": str(self.home.folder),
            "LINLI_DEMO": "1" if self.demo else kept.get("LINLI_DEMO", "0"),
            "DJANGO_SETTINGS_MODULE": "linli.config.settings",
            "NUMBA_CACHE_DIR": str(self.home.numba),
            "PYTHONUTF8": "1",
            "PYTHONUNBUFFERED": "1",
        }
        return ours | kept | fixed


def named(given: Mapping[str, str], first: str, group: Mapping[str, str]) -> bool:
    """Whether the operator brings this service himself: all of its variables, or none (是否外部服务).

    Raises: Trouble naming the missing variable and what to put into it.
    """
    present = [name for name in group if given.get(name)]
    if present and (missing := [name for name in group if name not in present]):
        meant = ", ".join(f"{name} (for {group[name]})" for name in missing)
        raise Trouble(
            f"{' and '.join(present)} set, but not {' and '.join(missing)}.",
            f"Set {meant}, or unset {' and '.join(present)} to use the embedded service.",
        )
    return first in present
