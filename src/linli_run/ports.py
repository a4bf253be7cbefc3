"""Which ports a home uses (端口): remembered, and changed only when somebody else sits on one."""

import json
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Self

from linli_run.trouble import Trouble

DEFAULTS: Final[Mapping[str, int]] = {"web": 8000, "live": 8001, "nats": 4222, "mqtt": 1883}
TRIES: Final = 200


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on `port` now; one that just closed counts as free (端口是否空闲)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


class Reserved:
    """Ports promised to this process, so that two homes started at once do not take the same (端口预留).

    A server listens on its port only seconds after the port was chosen. Until this process ends, a name in the
    kernel's abstract namespace stands for the promise; only Linux has one.
    """

    def __init__(self) -> None:
        self._held: dict[int, socket.socket] = {}

    def take(self, port: int) -> bool:
        """Promise the port to this process; False if another one has it."""
        if port in self._held or sys.platform != "linux":
            return port not in self._held
        name = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            name.bind(f"\0linli.port.{port}")
        except OSError:
            name.close()
            return False
        self._held[port] = name
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._held.values():
            name.close()
        self._held.clear()


def choose(
    wanted: Mapping[str, int], *, reserved: Reserved, host: str = "127.0.0.1", say: Callable[[str], None]
) -> dict[str, int]:
    """Return a free port for every name, the wanted one where possible (选择端口).

    Args:
        wanted: name → port.
        reserved: keeps what is chosen from other homes for as long as it is kept itself.
        say: is told of each busy port and of the one taken in its stead.
    Raises: Trouble if there is none free near a wanted one.
    """
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        nearby = range(port, min(port + TRIES, 65536))
        found = next((p for p in nearby if is_free(host, p) and reserved.take(p)), None)
        if found is None:
            raise Trouble(f"No free port for {name} from {port} upwards.", "Free one, or give `linli up --port N`.")
        if found != port:
            say(f"port {port} for {name} is busy, taking {found}")
        chosen[name] = found
    return chosen


def remembered(book: Path) -> dict[str, int]:
    """The ports of the last run; the defaults for names never chosen or unreadable (记住的端口)."""
    try:
        kept = json.loads(book.read_text("utf-8"))
    except (OSError, ValueError):
        return dict(DEFAULTS)
    valid = kept.items() if isinstance(kept, dict) else ()
    return dict(DEFAULTS) | {k: v for k, v in valid if k in DEFAULTS and type(v) is int and 0 < v < 65536}


def remember(book: Path, chosen: Mapping[str, int]) -> None:
    """Write the ports down, whole or not at all."""
    fresh = book.with_suffix(".new")
    fresh.write_text(json.dumps(dict(chosen), indent=1), "utf-8")
    fresh.replace(book)
