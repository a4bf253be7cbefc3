"""Keeps services and parts running until told to stop (守护)."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Final

from linli_run import logs, processes
from linli_run.command_part import CommandPart
from linli_run.service import DEAD_FOR_S, Service, failure
from linli_run.trouble import Trouble

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
STEADY_AFTER_S: Final = 30.0
ROUND_S: Final = 0.1
ASK_EVERY_S: Final = 5.0
HUNG_AFTER_S: Final = 60.0
HUNG_STOP_S: Final = 2.0

Say = Callable[[str, str], None]


class Stopped(Exception):
    """Somebody asked the supervisor to stop while it was waiting."""


@dataclass
class Watched:
    """What the supervisor knows of one service or part.

    Args:
        responds: whether it does its work, not only lives; None = it cannot be told now.
        answered_at: when it last did, or could not be asked.
    """

    name: str
    service: Service
    began_at: float
    responds: Callable[[], bool | None] = lambda: None
    answered_at: float = 0.0
    asked_at: float = 0.0
    is_down: bool = False
    was_ready: bool = False
    failures: int = 0
    next_try_at: float = 0.0


class Supervisor:
    """Starts what it is given, restarts what dies or hangs, stops all in reverse order (守护进程).

    Args:
        say: is told of every event: whose, and what.
        clock: seconds, monotonic.
    """

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self.say, self.clock = say, clock
        self.watched: list[Watched] = []
        self.asked_to_stop = 0

    def listen_to_signals(self) -> None:
        """Take SIGTERM, SIGINT and SIGHUP as the wish to stop; a second one hurries (信号)."""
        for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sig, self._ask_to_stop)

    def watch(self, name: str, service: Service, responds: Callable[[], bool | None] = lambda: None) -> Watched:
        """Start a part and keep it running and responding from now on."""
        watched = Watched(name, service, self.clock(), responds)
        self.watched.append(watched)
        service.begin()
        return watched

    def bring_up(
        self, name: str, service: Service, within_s: float, variable: str,
        responds: Callable[[], bool | None] = lambda: None,
    ) -> None:  # fmt: skip
        """Start a service the rest cannot do without, and return when it answers.

        Raises: Trouble if it does not come up; Stopped if asked to stop meanwhile.
        """
        watched = self.watch(name, service, responds)
        began_at = watched.began_at
        while not watched.was_ready:
            waited_s = self.clock() - began_at
            if waited_s > within_s or (watched.is_down and waited_s > DEAD_FOR_S):
                raise failure(service, name, variable)
            self.tend()

    def carry_out(self, part: CommandPart) -> None:
        """Run a command to its end while watching the others (一次性任务).

        Raises: Trouble if it fails, with its last lines; Stopped if asked to stop meanwhile.
        """
        part.begin()
        try:
            while part.running_pid() is not None:
                self.tend()
            if part.exit_code != 0:
                said = processes.tail(part.log)
                raise Trouble(f"{part.name} failed. Its last words:\n{said}", f"Read {part.log}, then start again.")
        finally:
            part.stop()

    def tend(self) -> None:
        """Look once at everything watched, then rest a moment. Raises: Stopped if asked to stop."""
        if self.asked_to_stop:
            raise Stopped
        for watched in self.watched:
            self._look_at(watched)
            logs.rotate(watched.service.log)
        time.sleep(ROUND_S)

    def stop(self) -> None:
        """Stop all, last started first (按序停止)."""
        for watched in reversed(self.watched):
            self._stop_one(watched)
        self.watched.clear()

    def _look_at(self, watched: Watched) -> None:
        now = self.clock()
        if watched.is_down:
            if now >= watched.next_try_at:
                self._start_again(watched, now)
        elif watched.service.running_pid() is None:
            self._note_death(watched, now)
        elif not watched.was_ready and watched.service.is_ready():
            watched.was_ready = True
            watched.answered_at = now
            self.say(watched.name, _welcome(watched.service, now - watched.began_at))
        elif watched.was_ready and now - watched.asked_at >= ASK_EVERY_S:
            self._ask(watched, now)

    def _ask(self, watched: Watched, now: float) -> None:
        """End what lives but has not worked for a minute; it is then started again like the dead (假死重启)."""
        watched.asked_at = now
        if watched.responds() is not False:
            watched.answered_at = self.clock()
        elif now - watched.answered_at > HUNG_AFTER_S:
            self.say(watched.name, f"lives but has not worked for {HUNG_AFTER_S:.0f} s, ending it")
            if isinstance(watched.service, CommandPart):
                watched.service.stop(within_s=HUNG_STOP_S)
            else:
                watched.service.stop()
            self._note_death(watched, now)

    def _note_death(self, watched: Watched, now: float) -> None:
        watched.failures = 1 if now - watched.began_at > STEADY_AFTER_S else watched.failures + 1
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (watched.failures - 1))
        watched.is_down, watched.next_try_at = True, now + pause_s
        self.say(watched.name, f"ended unasked, again in {pause_s:.1f} s; see {watched.service.log}")

    def _start_again(self, watched: Watched, now: float) -> None:
        watched.is_down, watched.was_ready, watched.began_at = False, False, now
        try:
            watched.service.begin()
        except (Trouble, OSError) as error:
            self.say(watched.name, str(error))
            self._note_death(watched, now)

    def _stop_one(self, watched: Watched) -> None:
        try:
            if self.asked_to_stop > 1 and isinstance(watched.service, CommandPart):
                watched.service.stop(within_s=0.0)
            else:
                watched.service.stop()
            self.say(watched.name, "stopped")
        except OSError as error:
            self.say(watched.name, f"could not be stopped: {error}")

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop += 1


def _welcome(service: Service, after_s: float) -> str:
    is_only_alive = isinstance(service, CommandPart) and service.probe is None
    return "started" if is_only_alive else f"ready after {after_s:.1f} s"
