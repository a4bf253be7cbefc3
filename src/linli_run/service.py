"""What the two embedded services have in common (内置服务)."""

import time
from pathlib import Path
from typing import Final, Protocol

from linli_run import processes
from linli_run.trouble import Trouble

DEAD_FOR_S: Final = 30.0  # a killed server's memory may be held a moment longer, and refuses the next one


class Service(Protocol):
    """A server in a folder of its own, that can be launched without waiting for it."""

    log: Path

    def begin(self) -> None: ...
    def stop(self) -> None: ...
    def running_pid(self) -> int | None: ...
    def is_ready(self) -> bool: ...


def bring_up(service: Service, name: str, *, within_s: float, variable: str) -> None:
    """Launch a service, again if it dies at once, and return when it answers (启动并等待).

    Args:
        within_s: seconds until patience ends; a database may have to recover first.
        variable: the setting by which an operator brings a server of his own.
    Raises: Trouble with the last lines of the service's log.
    """
    began = time.monotonic()
    while not service.is_ready():
        waited_s = time.monotonic() - began
        if service.running_pid() is None:
            if waited_s > DEAD_FOR_S:
                raise failure(service, name, variable)
            service.begin()
        if waited_s > within_s:
            raise failure(service, name, variable)
        time.sleep(0.03)


def failure(service: Service, name: str, variable: str) -> Trouble:
    """The trouble of a service that does not come up, in its own last words (启动失败)."""
    said = processes.tail(service.log)
    return Trouble(f"{name} did not start. Its last words, from {service.log}:\n{said}", remedy(said, variable))


def remedy(said: str, variable: str) -> str:
    """What an operator can do about the words a program died with (对策)."""
    if "No space left" in said:
        return "Free some disk space and start again."
    return f"Read the log, or set {variable} to use a server of your own."
