"""Whether a part that lives also works (假死检测): by its sign of life in the database, or by answering."""

import time
from collections.abc import Callable, Mapping
from typing import Final

import psycopg

from linli_run.command_part import CommandPart

SIGNS: Final[Mapping[str, tuple[str, ...]]] = {"ingest": ("ingest",), "worker": ("worker", "alerts")}
SILENT_AFTER_S: Final = 10.0
FRESH_FOR_S: Final = 2.0
_SILENCES: Final = "SELECT part, extract(epoch FROM clock_timestamp() - at)::float8 FROM metrics_heartbeat"

Responds = Callable[[], bool | None]


class Pulse:
    """The signs of life of all parts, asked for at most every two seconds.

    Args:
        url: the database they are written to.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url, self._clock = url, clock
        self._silences: dict[str, float] = {}
        self._asked_at = -FRESH_FOR_S

    def of(self, part: CommandPart) -> Responds:
        """Return how to tell whether this part works; None = it cannot be told now (是否应答)."""
        if part.name in SIGNS:
            return lambda: self._is_heard(SIGNS[part.name])
        return part.probe or (lambda: None)

    def _is_heard(self, signs: tuple[str, ...]) -> bool | None:
        """A sign as old as the hour that a clock jumped comes back with the next beat; who asks must wait for it."""
        if self._clock() - self._asked_at >= FRESH_FOR_S:
            self._silences, self._asked_at = self._ask(), self._clock()
        known = [self._silences[sign] for sign in signs if sign in self._silences]
        return max(map(abs, known)) <= SILENT_AFTER_S if known else None

    def _ask(self) -> dict[str, float]:
        try:
            with psycopg.connect(self._url, connect_timeout=2, autocommit=True) as line:
                return dict(line.execute(_SILENCES).fetchall())
        except psycopg.Error:
            return {}
