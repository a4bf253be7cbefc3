"""Where something is, in people's words (所在)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The unit grid of a place and the smallest area that holds it.

    Outside every grid `grid` is None; outside the district `area_code` and `label` are empty.
    """

    grid: str | None
    area_code: str
    label: str
