"""What was asked for (测量计划), and the time that is left for it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

LONGEST_S: Final = 270.0  # a bench ends within five minutes, its last words included


@dataclass(frozen=True)
class Plan:
    """How often, how long, from which seed, with how many devices.

    Args:
        seconds: length of one run.
        devices: a multiple of 100, for one device in a hundred crosses its mark.
    """

    runs: int
    seconds: float
    seed: int
    devices: int
    began: float = field(default_factory=time.monotonic)

    def rounds(self, spare_s: float = 0.0) -> Iterator[int]:
        """Yield the number of each run while another as long as the longest fits into the time (轮次).

        Args:
            spare_s: left for what is measured afterwards.
        """
        longest_s = 0.0
        for number in range(self.runs):
            began = time.monotonic()
            if number and began + longest_s - self.began > LONGEST_S - spare_s:
                return
            yield number
            longest_s = max(longest_s, time.monotonic() - began)
