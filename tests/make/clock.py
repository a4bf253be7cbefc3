"""The one clock, set by a test (时钟)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from linli.kernel import clock


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` inside."""
    with patch.object(clock, "now", lambda: moment):
        yield
