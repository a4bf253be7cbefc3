"""Whether this machine's clock can be right (时钟可信度): whether it was moved, and what the devices say of it."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.metrics import actions as metrics
from linli.sensing import queries as sensing

JUMP_S: Final = 5.0
LATELY: Final = timedelta(minutes=5)
SOME: Final = 3
AHEAD_S: Final = 300.0  # what a device may be ahead of us before its readings are refused
LIMIT_S: Final = 1.0
SYSTEM: Final = Actor.system("clock")


class WallClock:
    """The machine's clock beside one that nobody can move.

    Args:
        wall, steady: the clock, and seconds since any moment.
    """

    def __init__(self, wall: Callable[[], datetime] = clock.now, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._steady = wall, steady
        self._before, self._before_s = wall(), steady()
        self._moved = ""

    def moved(self) -> str:
        """Return by how much the clock was moved last since this began, and when; empty if it was not (时钟跳变)."""
        now, now_s = self._wall(), self._steady()
        jump_s = (now - self._before).total_seconds() - (now_s - self._before_s)
        if abs(jump_s) > JUMP_S:
            self._moved = f"moved by {jump_s:+.0f} s at {now:%Y-%m-%d %H:%M:%S} UTC"
        self._before, self._before_s = now, now_s
        return self._moved

    def beat(self) -> None:
        """Say whether the clock can be right (报告时钟状态).

        One device's clock is wrong by itself; where most that were heard are ahead of ours, ours is behind, and what
        they send is refused until it is set right.
        """
        now = self._wall()
        with audit.acting(SYSTEM):
            ahead, heard = sensing.ahead_of_ours(now - LATELY, now)
        behind = ahead >= SOME and 2 * ahead > heard
        said = f"{ahead} of {heard} devices heard are ahead of this machine's clock" if behind else ""
        note = "; ".join(filter(None, (self.moved(), said)))
        metrics.beat("clock", lag_s=AHEAD_S if behind else 0.0, limit_s=LIMIT_S, note=note)
