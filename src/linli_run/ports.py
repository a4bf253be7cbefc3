"""Which ports a home uses (端口): remembered, and changed only when somebody else sits on one."""

import json
import socket
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Final

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


def choose(
    wanted: Mapping[str, int], *, host: str = "127.0.0.1", say: Callable[[str], None], taken: Collection[int] = ()
) -> dict[str, int]:
    """Return a free port for every name, the wanted one where possible (选择端口).

    Args:
        wanted: name → port.
        say: is told of each busy port and of the one taken in its stead.
        taken: ports to leave alone although they are free.
    Raises: Trouble if there is none free near a wanted one.
    """
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        used = {*taken, *chosen.values()}
        candidates = (p for p in range(port, min(port + TRIES, 65536)) if p not in used and is_free(host, p))
        found = next(candidates, None)
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
