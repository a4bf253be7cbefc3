"""How fast messages come in (进度), and for how many days there is room at that pace."""

from collections import deque
from typing import Final

A_DAY_S: Final = 86_400.0
WINDOW_S: Final = 3_600.0
STEP_S: Final = 60.0


class Pace:
    """The messages of the last hour, minute by minute, by a monotonic clock's seconds.

    Args:
        began_s: since when it has counted.
    """

    def __init__(self, began_s: float) -> None:
        self._began_s = began_s
        self._steps: deque[tuple[float, int]] = deque()

    def note(self, messages: int, now_s: float) -> None:
        """Count messages that were kept now."""
        if self._steps and now_s - self._steps[-1][0] < STEP_S:
            began_s, counted = self._steps.pop()
            self._steps.append((began_s, counted + messages))
        else:
            self._steps.append((now_s, messages))
        self._forget(now_s)

    def per_day(self, now_s: float) -> float | None:
        """Return the messages a day at the pace of the last hour; None in the first minute (日速率)."""
        self._forget(now_s)
        watched_s = min(now_s - self._began_s, WINDOW_S)
        if watched_s < STEP_S:
            return None
        return sum(counted for _, counted in self._steps) * A_DAY_S / watched_s

    def _forget(self, now_s: float) -> None:
        while self._steps and now_s - self._steps[0][0] > WINDOW_S:
            self._steps.popleft()


def days(messages: float, per_day: float | None) -> float | None:
    """Return for how many days so many messages last; None if nothing comes, or none is known (可用天数)."""
    return messages / per_day if per_day else None


def room_left(room: int, kept: int, taken: int, left: int) -> int:
    """Return how many more messages can be kept: by number and by disk, whichever is less (余量条数).

    Args:
        taken, left: bytes of the journal and of the disk it may yet take; a message is taken to be as large as the
            mean of those kept, and while few are kept as `A_MESSAGE`.
    """
    mean = taken / kept if kept >= ENOUGH else A_MESSAGE
    return max(0, min(room - kept, int(left / mean)))


ENOUGH: Final = 10_000
A_MESSAGE: Final = 150.0
