"""The load generator seen from outside (负载进程)."""

import json
import subprocess
import sys
from dataclasses import asdict
from typing import IO, Any, Self

from linli_run.bench.generator import Order, Sent
from linli_run.trouble import Trouble


class Load:
    """One order in a process of its own: encoded and connected when entered, sent with `go`."""

    def __init__(self, order: Order) -> None:
        command = [sys.executable, "-P", "-m", "linli_run.bench.generator"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._order = order

    def __enter__(self) -> Self:
        try:
            self._say(json.dumps(asdict(self._order)))
            self._hear("ready")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def go(self) -> Sent:
        """Let it send, and return what came of it. Raises: Trouble if it breaks."""
        self._say("go")
        return Sent(**json.loads(self._hear("{")))

    def _say(self, line: str) -> None:
        pipe = _there(self._process.stdin)
        pipe.write(line + "\n")
        pipe.flush()

    def _hear(self, beginning: str) -> str:
        line = str(_there(self._process.stdout).readline())
        if not line.startswith(beginning):
            raise Trouble("The load generator broke.", "Read its own words above.")
        return line


def _there(pipe: IO[Any] | None) -> IO[Any]:
    if pipe is None:
        raise ValueError("the process was started without this pipe")
    return pipe
