"""The two listening parts under granian: `web` (WSGI) and `live` (ASGI) (网页与推送服务)."""

import argparse
import os
import signal
from importlib import import_module
from typing import Any, Final

from granian import Granian
from granian.constants import Interfaces

from linli_run import ports, processes

WEB: Final = "linli.config.wsgi:application"
LIVE: Final = "linli_live.app:app"
STOP_WITHIN_S: Final = 5


def add_web_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the web part listens, and how widely."""
    _add_address(parser, "web")
    parser.add_argument("--threads", type=int, default=4, help="requests answered at the same time")
    parser.add_argument("--processes", type=int, default=1, help="worker processes")


def add_live_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the live part listens."""
    _add_address(parser, "live")


def web(args: argparse.Namespace) -> int:
    """Serve the pages and the API until told to stop (网页服务)."""
    server = Granian(
        WEB, args.host, args.port, interface=Interfaces.WSGI, workers=args.processes, blocking_threads=args.threads,
        workers_kill_timeout=STOP_WITHIN_S,
    )  # fmt: skip
    server.serve(target_loader=load)
    return 0


def live(args: argparse.Namespace) -> int:
    """Push events to browsers until told to stop (实时推送服务)."""
    server = Granian(LIVE, args.host, args.port, interface=Interfaces.ASGI, workers_kill_timeout=STOP_WITHIN_S)
    server.serve(target_loader=load)
    return 0


def load(target: str) -> Any:
    """Return the application, in the process that will run it; that one ends with its parent (加载应用)."""
    processes.die_with_parent(signal.SIGTERM, os.getppid())
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def _add_address(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=ports.DEFAULTS[name], help="port to listen on")
